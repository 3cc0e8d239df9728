import type { Dialogue } from '../dialogue.ts';

/** Nobody answers these. */
export const SPAM: readonly Dialogue[] = [
  {
    title: 'FIRST PAGE OF SEARCH in 7 days',
    unit: 'shop',
    labels: [],
    channel: 'EMAIL',
    script: `
      contact: Dear Sir/Madam, we visited your website and can bring it to the FIRST PAGE in 7 days!!! Only {amount}. Reply YES.
      contact: Did you see my last message? The offer ends TODAY.
    `,
  },
  {
    title: 'Your parcel is waiting: pay customs fee',
    unit: 'shop',
    labels: [],
    channel: 'MESSAGE',
    script: `
      contact: Your parcel is on hold. Pay 1.99 within 24 hours: [link https://parcel-fee.example.net/pay Pay now]
      note: Phishing in our name. @{colleague} please warn the others, and put it on the status page.
    `,
  },
  {
    title: 'Crypto investment 300% guaranteed',
    unit: 'cloud',
    labels: [],
    channel: 'TELEGRAM',
    script: `
      contact: Hello friend, I make 300% with crypto every week, I can teach you for free.
      contact: 🚀🚀🚀
      contact: Write me on my private number
    `,
  },
  {
    title: 'Followers and likes, cheap',
    unit: 'shop',
    labels: [],
    channel: 'INSTAGRAM',
    script: `
      contact: 10k real followers for {amount} 🔥🔥 DM us
    `,
  },
  {
    title: 'Inheritance of your late relative',
    unit: 'travel',
    labels: [],
    channel: 'EMAIL',
    script: `
      contact: Greetings, I am the lawyer of your late relative who left USD 8,400,000. Kindly send your full name and bank details.
      note: A classic. Blocked.
    `,
  },
  {
    title: 'Cheap watches',
    unit: 'shop',
    labels: [],
    channel: 'WHATSAPP',
    script: `
      contact: Luxury watches 90% off only today [image watches.jpg]
      contact: Last chance
    `,
  },
];
