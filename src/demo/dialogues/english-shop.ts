import type { Dialogue } from '../dialogue.ts';

export const ENGLISH_SHOP: readonly Dialogue[] = [
  {
    title: 'Parcel shown as delivered, but nothing here',
    unit: 'shop',
    labels: ['delivery', 'lost-parcel'],
    script: `
      contact: Hi, tracking says {tracking} was delivered yesterday at 14:07. I was home all day and nobody rang.
      contact: Nothing with the neighbours either. [image empty-porch.jpg]
      agent: Sorry about that, {contact}. Is the order number {order}?
      contact: Yes, that's the one. Two pairs of hiking boots.
      note: Driver's scan is 400 m from the address. @{colleague} could you ask the depot for the GPS trace?
      colleague-note: Depot confirms: left at number 14 instead of 41. They will collect it tonight.
      agent: The driver left it at number 14 instead of 41. He is picking it up again and will bring it to you before 20:00 today.
      contact: Ah, the eternal 14/41 mix-up. Thank you for finding out so fast!
      agent: Happy to help. You will get a text message when he is on your street.
    `,
  },
  {
    title: 'Wrong size, exchange for a 42',
    unit: 'shop',
    labels: ['exchange'],
    script: `
      contact: The trail shoes from order {order} are too small. Can I swap the 41 for a 42?
      agent: Of course. Have you worn them outside yet?
      contact: No, only on the carpet. [image shoes-on-carpet.jpg]
      agent: Perfect. The 42 is in stock in moss green and in slate. Which one would you like?
      contact: Slate, please.
      agent: Reserved for you. Here is the return label, drop the parcel off within 14 days. [file return-label-{order}.pdf]
      contact: Do I have to pay for the return?
      agent: No, the label is prepaid, and the new pair leaves as soon as the old one is scanned.
      contact: Great service, thanks.
    `,
  },
  {
    title: 'Refund has not arrived after three weeks',
    unit: 'shop',
    labels: ['refund', 'payment'],
    script: `
      contact: I sent back my tent on the 2nd and still have no refund of {amount}. This is getting ridiculous.
      agent: I understand, three weeks is far too long. Let me look at order {order}.
      note: Return was booked on the wrong order (typo in the warehouse). Money was never released.
      contact: Any news? I have been patient.
      agent re 1: I found it: the warehouse booked your return on somebody else's order. I have released {amount} just now.
      agent: It will be on your card by {day}. I have also added a voucher for the trouble: SORRY15.
      contact re 6: OK. Thank you for being straight with me.
    `,
  },
  {
    title: 'Tent pole snapped on the first night',
    unit: 'shop',
    labels: ['warranty', 'damaged'],
    script: `
      contact: We took the Ridge 3 out for the first time and a pole snapped in light wind. [image broken-pole.jpg]
      contact: [video pole-close-up.mp4]
      agent: That should not happen to a new pole. Thank you for the pictures, they are exactly what our workshop needs.
      agent: Would a replacement pole set do, or would you rather send the whole tent in?
      contact: A pole set is fine, but we leave for Skye on {day}.
      note: Last set in the Leeds store. @{colleague} please hold it, I am arranging a courier.
      colleague-note: Held at the counter under {order}.
      agent: The set leaves Leeds by courier this afternoon, you have it tomorrow. Keep the broken pole, we don't need it.
      contact: You just saved our holiday.
    `,
  },
  {
    title: 'Discount code is not accepted',
    unit: 'shop',
    labels: ['voucher', 'checkout'],
    script: `
      contact: SPRING20 keeps telling me "not valid for these items". [image checkout-error.png]
      agent: Hi {contact}, is there an e-bike in your basket? Those are left out of the spring sale.
      contact: Just a helmet and lights. No bike.
      agent: Then that is our mistake: the helmet is filed under bikes. I have reported it to the shop team.
      agent: Please use HELMET20 instead, it takes the same 20 percent off.
      contact: Worked, thanks a lot!
    `,
  },
  {
    title: 'Change the delivery address',
    unit: 'shop',
    labels: ['delivery', 'address'],
    script: `
      contact: I'm moving on Friday and order {order} is going to my old flat. Can it go to the new one?
      agent: It has not left yet, so yes. What is the new address?
      contact: Right here, second floor. [location 53.4794,-2.2453 14 Whitworth Street, Manchester]
      agent: Changed. It leaves tomorrow and arrives on {day}.
      contact: Fantastic. And the invoice?
      agent: The invoice shows the new address, too. Good luck with the move!
    `,
  },
  {
    title: 'Order 40 jackets for a mountain rescue team',
    unit: 'shop',
    labels: ['wholesale', 'quote'],
    channel: 'EMAIL',
    script: `
      contact: Hello,
      we are a volunteer mountain rescue team and need about 40 shell jackets in red, sizes S to XXL, with our logo on the back.
      Do you offer a price for teams, and how long would it take?
      Kind regards, {contact} [file logo-rescue-team.svg]
      agent: Dear {contact},
      thank you for what you do up there. For 40 pieces we can offer the Storm Shell at {amount} each, logo included, in five weeks.
      contact: That fits our budget. Could we get one sample in M before we sign?
      note: Sales agreed to a free sample. @{colleague} please enter it as order type "sample".
      agent: A sample in M is on its way with {tracking}. Here is the written offer, valid for 30 days. [file offer-{invoice}.pdf]
      contact: Sample arrived and survived a night on the ridge. We would like to order all 40.
      agent: Wonderful, the order form is on its way to you.
    `,
  },
  {
    title: 'Which sleeping bag for October in Scotland?',
    unit: 'shop',
    labels: ['advice'],
    script: `
      contact: Hi! I want to camp in the Cairngorms in mid October. Is the Fern 700 warm enough? I sleep cold.
      agent: Nights can go down to -5 °C there. The Fern 700 is made for 0 °C, so for a cold sleeper I'd take the Fern 900.
      agent: This guide compares both. [article How warm is warm? Comfort and limit of our sleeping bags]
      contact: How much heavier is it?
      agent re 4: 210 grams more, and it packs to the size of a football.
      contact: And if I use the 700 with a silk liner?
      agent: That gains about 3 degrees, so it would be just enough on most nights, not on all.
      contact: The 900 then. Thanks for the honest answer!
    `,
  },
  {
    title: 'Where is my order? (answered by Compass)',
    unit: 'shop',
    labels: ['delivery', 'bot'],
    channel: 'WEB',
    script: `
      template: Hello! I am Compass, the assistant of Meridian. What is it about? [choose Where is my order? | Return something | Talk to a person]
      contact: Where is my order?
      bot: Please give me the order number. It begins with M.
      contact: {order}
      bot: Found it: order {order} left our warehouse this morning and should be with you on {day}.
      bot: Do you want me to tell you when it is out for delivery? [quick Yes, please | No, thanks]
      contact: Yes, please
      bot: Done. You can close this window, the message comes by itself.
    `,
  },
  {
    title: 'Return a gift without the receipt',
    unit: 'shop',
    labels: ['return', 'bot'],
    channel: 'WEB',
    script: `
      template: Hello! I am Compass. What is it about? [choose Where is my order? | Return something | Talk to a person]
      contact: Return something
      bot: What would you like to return, and do you have the order number?
      contact: A head torch I got as a gift. No number, no receipt.
      bot: For gifts a colleague has to look it up. I am handing you over, it takes a minute.
      agent: Hi {contact}, this is {agent}. Do you know the name or email of who bought it?
      contact: My aunt, name is Ruth Ashworth.
      agent: Found it. I can offer you a gift card of {amount}; your aunt will not be told.
      contact: Ha, that's thoughtful. Gift card please.
      agent: Sent to your email. Enjoy!
    `,
  },
  {
    title: 'Missing screws in the bike rack box',
    unit: 'shop',
    labels: ['missing-parts'],
    script: `
      contact: The roof rack came without the bag of M8 screws. Rest looks fine. [image rack-parts.jpg]
      agent: Annoying, sorry! I am sending you the bag by letter post today, order {order}-S.
      contact: Could I just buy them in a hardware store?
      agent: You could: eight M8 x 40, stainless. Send us the bill and we'll pay it back.
      contact: Did that, was 6.40. [image receipt.jpg]
      agent: Paid back to your card just now.
      contact: Thanks!
    `,
  },
  {
    title: 'Charged twice for one order',
    unit: 'shop',
    labels: ['payment', 'urgent'],
    script: `
      contact: You charged me {amount} TWICE for {order}. I want the second one back today.
      agent: I can see why that worries you. One of the two is a reservation which was never collected; may I check with the bank?
      contact: It left my account, so it looks very collected to me. [image bank-statement.png]
      note: Payment provider had an incident between 9:10 and 9:25, 31 customers are affected. Refund batch goes out at 16:00.
      agent: You are right, and I was wrong: a fault at our payment provider charged some customers twice. Your {amount} goes back today at 16:00.
      contact: Thanks for admitting it. I'll check tonight.
      agent: Please do, and write here if it has not arrived by {day}.
    `,
  },
  {
    title: 'Still thinking about the Ridge 2?',
    unit: 'shop',
    labels: ['outreach', 'advice'],
    channel: 'WEB',
    script: `
      template: You left a Ridge 2 tent in your basket. Shall we keep it for you until {day}? [quick Keep it | No, thanks]
      contact: Keep it
      contact: Actually, is the ground sheet included?
      agent: Hi {contact}! It is not, but it is half price together with the tent.
      contact: And what do both weigh?
      agent: 1.9 kg and 0.3 kg. Shall I put it into the basket?
      contact: Yes, thanks!
    `,
  },
];
