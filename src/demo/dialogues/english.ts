import type { LanguageBook } from '../dialogue.ts';
import { ENGLISH_CLOUD } from './english-cloud.ts';
import { ENGLISH_SHOP } from './english-shop.ts';
import { ENGLISH_TRAVEL } from './english-travel.ts';

export const ENGLISH: LanguageBook = {
  language: 'en',
  dialogues: [...ENGLISH_SHOP, ...ENGLISH_TRAVEL, ...ENGLISH_CLOUD],
  afterthoughts: [
    `
      contact: Sorry, one more thing: could I get a written confirmation of this?
      agent: Of course, it is in your inbox now.
    `,
    `
      contact: I'm afraid the same thing happened again today.
      agent: That should not be. I am looking into it once more and will stay on it until it is really fixed.
    `,
    `
      contact: Quick follow-up, is it all right if my colleague writes to you about this, too?
      agent: Certainly, please have them mention {order}.
    `,
  ],
  survey: 'How did we do? Your rating helps us to get better.',
  questions: { topic: 'What is it about?', email: 'Your email address' },
};
