import type { Dialogue } from '../dialogue.ts';

export const ENGLISH_CLOUD: readonly Dialogue[] = [
  {
    title: "Can't log in since the password reset",
    unit: 'cloud',
    labels: ['login'],
    script: `
      contact: I reset my password this morning and now it says "account locked".
      agent: Hi {contact}, that happens after five wrong tries. Are you still logged in on another device, such as your phone?
      contact: On the phone, yes, with the old password I guess.
      agent: That's it: the phone keeps trying the old one and locks you out again. Please log out there first.
      contact: Done.
      agent: And I have unlocked the account. Could you try now?
      contact: I'm in. Would never have thought of the phone.
    `,
  },
  {
    title: 'Invoice without VAT number',
    unit: 'cloud',
    labels: ['invoice', 'billing'],
    channel: 'EMAIL',
    script: `
      contact: Dear team, invoice {invoice} lacks our VAT number, so our accountants refuse it. Could you issue it again?
      Best regards, {contact}
      agent: Dear {contact}, gladly. Which number should be on it, and from which month on?
      contact: GB 999 9999 73, from this quarter on please.
      agent: Here is the corrected invoice; the old one is cancelled. All future ones will carry the number. [file {invoice}-corrected.pdf]
      contact: Perfect, thank you for the quick turnaround.
    `,
  },
  {
    title: 'Calendar sync shows events twice',
    unit: 'cloud',
    labels: ['bug', 'sync'],
    contactIs: 'she',
    script: `
      contact: Since Tuesday each shift appears twice in my calendar. [image doubled-shifts.png]
      agent: Thank you for the picture. Do the doubled ones have the same start, or are they an hour apart?
      contact: Same start. If I delete one it comes back.
      note: Looks like #4127, two subscriptions for one calendar after the migration. Reproduced with her account.
      agent: I can see it on our side: your calendar is linked twice since our maintenance on Monday. I am removing one link now.
      contact: Do I have to do anything?
      agent: No. Within an hour the doubles go away by themselves.
      contact: They're gone. Thanks.
    `,
  },
  {
    title: 'Add five seats to our plan',
    unit: 'cloud',
    labels: ['billing', 'upgrade'],
    script: `
      contact: We hired five people. How do I add seats without paying for a full year?
      agent: Good news for your team! Seats are charged by the day until your next renewal, so it would be {amount} now.
      contact: And if one leaves after the trial period?
      agent: You can hand a seat to somebody else at any time, or drop it at renewal.
      contact: Sounds fair. Please add five.
      agent: Added. The invoice {invoice} will follow tomorrow.
      contact: 👍
    `,
  },
  {
    title: 'Export all data before we leave',
    unit: 'cloud',
    labels: ['churn-risk', 'export'],
    script: `
      contact: We are moving to another tool. I need an export of everything, and then please delete our account.
      agent: I'm sorry to see you go. You find the export under Settings, Data; a full one takes about an hour. May I ask what made you decide?
      contact: No offline mode. Our crews have no signal half of the day.
      note: Offline mode ships in beta next month. @{colleague} may I offer them a place?
      colleague-note: Yes, plus three months free.
      agent: That is good to know, because offline mode comes next month. I could put your crews into the beta, with three months free of charge. Would you give it a try?
      contact re 6: Hm. Send me the details, I'll talk to the boss.
      agent: Here you are, two pages with what works and what does not yet. [file offline-beta.pdf]
      contact: Boss says yes. Keep the account for now.
    `,
  },
  {
    title: 'Two-factor code never arrives',
    unit: 'cloud',
    labels: ['login', 'security'],
    contactIs: 'she',
    script: `
      contact: The text message with the code does not arrive, I've tried six times.
      agent: Let us find out. Is +44 7700 900 at the beginning of your number right?
      contact: That was my old number!
      agent: To change it I need to be sure that it is you. May we have a short video call? [video-call https://meet.example.com/m-{order}]
      contact: Joining now.
      note: Identity checked on video against the photo in her profile.
      agent: Thank you for the call. The new number is in place, and codes from an app would work without any number.
      contact: Set up the app right away. Never again!
    `,
  },
  {
    title: 'API answers 429 at night',
    unit: 'cloud',
    labels: ['api', 'technical'],
    channel: 'API',
    script: `
      contact: Our nightly job gets HTTP 429 from /v2/shifts since the 1st. We send 3 requests a second. Did the limit change?
      agent: It did: 2 a second for the Team plan, since the 1st. The mail about it went to the account owner.
      contact: That mail was well hidden then. Any way to raise it for us?
      agent: Could you use the bulk endpoint? One request for 500 shifts instead of one each.
      contact: Is there an example?
      agent: Here is one, with the retry header. [link https://docs.example.com/api/bulk-shifts Bulk shifts, step by step]
      contact: Job runs in 40 seconds instead of 20 minutes now. Should have used that from the beginning.
    `,
  },
  {
    title: 'Training session for the new planners',
    unit: 'cloud',
    labels: ['onboarding'],
    script: `
      contact: Could someone walk our three new planners through the week view?
      agent: With pleasure. Please choose a time that suits you. [cards Tuesday 10:00 | Wednesday 14:00 | Thursday 16:30]
      contact: Wednesday 14:00
      agent: Booked for {day}. To prepare, please fill in these three lines. [form Number of planners | Shifts a week | Biggest headache]
      contact: 3 planners, about 900 shifts a week, and the headache is swapping at the last minute.
      agent: Thanks, then I'll show the swap market first. See you there!
      contact: See you!
    `,
  },
  {
    title: 'New here: how to invite my team',
    unit: 'cloud',
    labels: ['onboarding', 'bot'],
    channel: 'WEB',
    script: `
      bot: Welcome to Meridian Cloud! You have been on this page for a while. May I help you to invite your team?
      contact: Yes please, I can't find the button.
      bot: It is under People, Invite. You can paste up to 50 addresses at once. [article Invite your team in two minutes]
      contact: Found it. Can they see my payslips then?
      bot: No. Payslips are only for the roles Owner and Payroll; everybody else sees the shifts.
      contact: Good, thanks
      bot: You are welcome. Write here whenever something is unclear.
    `,
  },
  {
    title: 'Unlock my account',
    unit: 'cloud',
    labels: ['login', 'bot'],
    script: `
      contact: I'm locked out
      bot: That happens after five wrong passwords. Shall I send you a link to unlock it? [quick Send it | Talk to a person]
      contact: Send it
      bot re 1: It is on its way to {email} and works for 15 minutes.
      contact: Got it, I'm in
      bot: Good! Would you like to set up a passkey, so that this can't happen again? [quick Show me how | Not now]
    `,
  },
];
