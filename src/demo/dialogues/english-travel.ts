import type { Dialogue } from '../dialogue.ts';

export const ENGLISH_TRAVEL: readonly Dialogue[] = [
  {
    title: 'Move the hut tour to another week',
    unit: 'travel',
    labels: ['booking', 'change'],
    script: `
      contact: Hello, we booked the Dolomites hut tour ({booking}) and my partner broke her wrist. Can we move it to September?
      agent: Oh no, I hope it heals fast! September has two starts left: the 6th and the 20th.
      contact: The 20th gives her more time. Does it cost anything?
      agent: With a doctor's note it is free. Could you send us a photo of it?
      contact: [image doctors-note.jpg]
      agent: Thank you. You are now on the tour of the 20th, same huts, same double room. The new papers are in your mail.
      contact: That was painless, unlike the wrist. Thanks!
    `,
  },
  {
    title: 'Vegetarian food on the kayak week',
    unit: 'travel',
    labels: ['booking', 'question'],
    script: `
      contact: Is there vegetarian food on the archipelago kayak week? One of us is also allergic to nuts.
      agent: Yes to both: the guides cook, and they can do vegetarian and nut-free. May I add it to {booking}?
      contact: Please do. It's for Priya, the nut allergy is serious (EpiPen).
      note: Serious allergy: must be in the guide's sheet AND told by phone. @{colleague} please call base camp.
      colleague-note: Called, they leave nuts at home for the whole week.
      agent: The guides know and will pack no nuts at all that week. It is also printed on your voucher.
      contact: I'm really relieved. Thank you.
    `,
  },
  {
    title: 'Flight cancelled, how do we reach the camp?',
    unit: 'travel',
    labels: ['urgent', 'transport'],
    script: `
      contact: Our flight to Tromsø was cancelled an hour ago, next one is tomorrow at noon. The bus to the camp leaves tonight!!
      agent: Take a breath, we will get you there. How many are you, and is the number in {booking} still yours?
      contact: Three, and yes.
      note: Shuttle for tomorrow 15:30 is possible for 3 persons, {amount} from the disruption budget.
      agent: A driver will wait for you tomorrow at 15:30 at the arrivals gate, with a sign "Meridian". It costs you nothing.
      contact: [voice-note 19 You are the best, honestly. We were about to give up and go home.]
      agent: Safe flight! Here is the driver's number. [contact Ingrid Solberg, +447700900461]
      contact: Saved. Thank you so much.
    `,
  },
  {
    title: 'Deposit paid, but booking says unpaid',
    unit: 'travel',
    labels: ['payment', 'booking'],
    script: `
      contact: I paid the deposit for {booking} last week, but the page still says "awaiting payment".
      agent: Thank you for telling us. Did you use a bank transfer, and what did you write as reference?
      contact: Bank transfer. Reference was just my name I think.
      agent: That explains it: without the booking number the system can't match it. How much was it exactly?
      contact: {amount}
      agent: Got it, matched by hand. Your booking is confirmed now.
      contact re 6: Page is green. Cheers!
    `,
  },
  {
    title: 'Do we need a visa for the Georgia trek?',
    unit: 'travel',
    labels: ['question', 'documents'],
    script: `
      contact: We're two Australians and one Indian citizen. Do we need visas for the Svaneti trek?
      agent: Australians can stay without a visa. Holders of an Indian passport usually need an e-visa; please check with the consulate, since rules change.
      contact: How long does that take?
      agent: Often five working days. I'd apply a month before. The letter of invitation for it is attached. [file invitation-letter-{booking}.pdf]
      contact: Brilliant, exactly what I needed.
    `,
  },
  {
    title: 'Cancel the sailing course',
    unit: 'travel',
    labels: ['cancellation', 'refund'],
    script: `
      contact: I'd like to cancel the sailing course in Kiel, booking {booking}.
      bot: I can do that. More than 30 days before the start you get everything back except {amount}. Cancel now? [quick Cancel it | Move it instead | Talk to a person]
      contact: Talk to a person
      bot: I am getting somebody for you.
      agent: Hi {contact}, {agent} here. May I ask why you want to cancel? Perhaps there is a way.
      contact: New job, no holiday before spring.
      agent: Then let us keep your place open: you can use it for any course within two years, at no cost.
      contact: Didn't know that was possible. Yes please!
      agent: Done. The voucher for it is in your inbox.
    `,
  },
  {
    title: 'Call about the pick-up point',
    unit: 'travel',
    labels: ['phone'],
    channel: 'VOICE',
    script: `
      contact: [call 184 Hello, I am at the north exit of the station, but I can't see the bus to the lodge.]
      agent: Called back: the bus stands at the south exit because of road works. [call 47 It is at the south exit today, behind the taxi rank.]
      note: Third call about this today. @{colleague} can you put it into the confirmation mail?
      colleague-note: Changed the template, and sent a text message to everybody who arrives this week.
    `,
  },
  {
    title: 'Lost a camera on the last tour',
    unit: 'travel',
    labels: ['lost-and-found'],
    script: `
      contact: I left my camera (a little silver Fuji with a red strap) in the van on Sunday, tour {booking}.
      agent: I'll ask the driver right away. Anything on it that identifies it?
      contact: There's a sticker of a puffin at the bottom.
      agent: Puffin confirmed! He found it under the back seat. [image camera-with-puffin.jpg]
      contact: Yes!!! That's the one.
      agent: It travels to you with {tracking}, insured, and should be there on {day}.
      contact: Give that driver a hug from me.
    `,
  },
  {
    title: 'The second hut of your tour is closed',
    unit: 'travel',
    labels: ['outreach', 'booking'],
    script: `
      agent: Hello {contact}, this is {agent} from Meridian Travel. The second hut of your tour {booking} is closed after a storm. May we move you to the one in the next valley?
      contact: Oh! Is it much further?
      agent re 2: Forty minutes more, but nearly flat, and the cook there is famous.
      contact: You had me at the cook. Yes, please.
      agent: Changed, and dinner is on us. [file tour-{booking}.pdf]
    `,
  },
  {
    title: 'Weather for the canyoning day',
    unit: 'travel',
    labels: ['weather', 'bot'],
    script: `
      contact: Will the canyoning tour on {day} take place? Forecast says rain.
      bot: I have looked up {booking}: your guide decides at 18:00 on the evening before. Light rain is no reason to cancel.
      bot: Shall I send you the decision as soon as it is made? [quick Yes | No]
      contact: Yes
      bot: Noted. You get it here and by text message.
    `,
  },
];
