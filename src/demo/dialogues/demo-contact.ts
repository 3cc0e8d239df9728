import type { Dialogue } from '../dialogue.ts';

// The conversations of the one contact whose token is given out. Each comes to another end (see demo-contact-plan.ts).

export const BROKEN_STOVE: Dialogue = {
  title: 'Camping stove does not light any more',
  unit: 'shop',
  labels: ['warranty', 'delivery'],
  script: `
    contact: Hi, my stove from order {order} clicks but does not light. [image stove.jpg]
    agent: Hi {contact}, sorry to hear that! Does it smell of gas when you open the valve?
    contact: A little, yes. And it was fine last weekend.
    note: Could be the batch with the clogged jets. @{colleague} is {order} on the list?
    colleague-note: Yes, it is on the list. Replace it, no return needed.
    agent: Then the jet is clogged. We will replace the stove, you don't have to send the old one back. Which one would you like? [choose Same again | The bigger one, +10 | Money back]
    contact: Same again
    contact re 6: When will it be here? We leave on {day}.
  `,
};

export const GROUP_BOOKING: Dialogue = {
  title: 'Booking the Snowdon weekend for eight',
  unit: 'travel',
  labels: ['booking', 'quote'],
  script: `
    contact: Hello! We are eight friends and would like the Snowdon weekend in one go. Is there a group price?
    agent: Hello {contact}, from six people on it is ten percent less. Would you need the bunkhouse or double rooms?
    contact: Bunkhouse is fine. One of us comes a day later.
    agent: No problem. Here is the offer, {amount} for all, held for you until {day}. [file offer-{booking}.pdf]
    agent: Shall I book it like that? [quick Book it | Change something]
  `,
};

export const NEW_DATE: Dialogue = {
  title: 'Waiting for the new bike dates',
  unit: 'travel',
  labels: ['booking'],
  script: `
    contact: Are there already dates for the gravel bike course in spring?
    agent: Not yet, the trainer gives them to us next week. I will write to you as soon as they are here.
    note: Snoozed until the trainer's plan is in.
    contact: Thanks, any weekend but the first in April works for me.
    agent re 4: Noted!
  `,
};

export const DOUBLE_CHARGE: Dialogue = {
  title: 'Two charges for one pair of gloves',
  unit: 'shop',
  labels: ['payment', 'refund'],
  script: `
    contact: I can see two charges over {amount} for the same gloves.
    agent: Thank you for telling us. One of them is only a reservation; it goes away by itself within three days.
    contact: OK, I'll keep an eye on it.
    agent: I had it released now, so you need not wait.
    contact: It's gone. Thanks!
  `,
};

export const GIFT_CARD: Dialogue = {
  title: 'Gift card for my brother',
  unit: 'shop',
  labels: ['voucher'],
  script: `
    contact: Can I get a gift card by email today? It's my brother's birthday, and I forgot 🙈
    agent: We are quick with those! How much should be on it, and shall we add a line from you?
    contact: {amount}, and "Now you have to come along".
    agent: It is in your inbox, ready to print. Happy birthday to him! [image gift-card.png]
    contact: Lifesaver!
  `,
};

export const ASK_COMPASS: Dialogue = {
  title: 'Opening hours and repairs',
  unit: 'shop',
  labels: ['question', 'bot'],
  channel: 'WEB',
  script: `
    template: Hello! I am Compass, the assistant of Meridian. What is it about? [choose Where is my order? | Return something | Something else]
    contact: Something else
    bot: Gladly. What would you like to know?
    contact: Do you repair backpacks in the Manchester store, and until when are you open today?
    bot: Yes, buckles and zips are done while you wait. The store is open until 19:00 today.
    contact: And on Sunday?
    bot: On Sundays from 11:00 to 16:00. Anything else? [quick No, thanks | Talk to a person]
  `,
};

export const LATE_DELIVERY: Dialogue = {
  title: 'Tent did not come in time for the festival',
  unit: 'shop',
  labels: ['delivery', 'complaint'],
  script: `
    contact: The tent was promised for Thursday, and it is Saturday. I had to sleep in the car.
    agent: That is really not how it should go, {contact}. I am sorry.
    note: Carrier lost a whole pallet. Full refund of shipping and a voucher are approved by @{colleague}.
    agent: We give you the shipping back and {amount} as a voucher. Would you still like to have the tent?
    contact: Yes, the next festival is in two weeks.
    agent: It is at your door tomorrow, a driver of ours brings it.
    contact: It came. And the voucher is generous, thank you.
  `,
};
