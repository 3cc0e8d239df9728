import type { Dialogue, LanguageBook } from '../dialogue.ts';

const DIALOGUES: readonly Dialogue[] = [
  {
    title: 'Pacco consegnato al vicino sbagliato',
    unit: 'shop',
    labels: ['delivery'],
    script: `
      contact: Buongiorno, il pacco {tracking} risulta consegnato a un certo "Bianchi", ma qui non c'è nessun Bianchi.
      agent: Buongiorno {contact}, mi dispiace molto. Il numero civico è il 12 o il 12/A?
      contact: 12/A! Forse è andato al 12.
      agent: Proprio così. Il corriere lo recupera e passa da Lei oggi pomeriggio.
      contact: Arrivato, grazie mille!
    `,
  },
  {
    title: 'Rimborso del biglietto per il rifugio',
    unit: 'travel',
    labels: ['refund', 'booking'],
    script: `
      contact: Salve, la funivia era chiusa e abbiamo perso la notte in rifugio ({booking}). È possibile un rimborso?
      agent: Salve, certo: con la funivia chiusa il rimborso è completo. Ha per caso una foto dell'avviso?
      contact: Eccola. [image avviso-funivia.jpg]
      agent: Perfetto, {amount} saranno sul Suo conto entro il {day}.
      contact: Gentilissimi.
    `,
  },
  {
    title: 'Reel con la nostra tenda',
    unit: 'shop',
    labels: ['social', 'press'],
    channel: 'INSTAGRAM',
    script: `
      contact: Ciao! Vi ho taggati nella mia storia dal Gran Sasso 😍 [story https://www.example.com/stories/gran-sasso]
      agent: Che spettacolo! Possiamo condividerla sul nostro profilo?
      contact: Certo! Ho fatto anche un reel del montaggio. [reel https://www.example.com/reels/tenda-in-tre-minuti]
      note: Bellissimo, 40k follower. @{colleague} le mandiamo il nuovo zaino?
      agent: Tre minuti, complimenti! Ti possiamo mandare uno zaino da provare?
      contact: Volentieri!!
    `,
  },
  {
    title: 'Accesso al gestionale dal nuovo PC',
    unit: 'cloud',
    labels: ['login'],
    script: `
      contact: Ho cambiato computer e il gestionale non mi riconosce più.
      agent: È la protezione dei dispositivi. Ha ricevuto un'email con il titolo "Nuovo dispositivo"?
      contact: Sì, adesso la vedo, era nella posta indesiderata.
      agent: Confermi da lì e poi rientri.
      contact: Funziona, grazie!
    `,
  },
];

export const ITALIAN: LanguageBook = {
  language: 'it',
  dialogues: DIALOGUES,
  afterthoughts: [
    `
      contact: Scusi, un'ultima cosa: mi manda una conferma scritta?
      agent: Certo, l'ho appena inviata per email.
    `,
  ],
  survey: 'Come valuta la nostra assistenza?',
  questions: { topic: 'Come possiamo aiutarLa?', email: 'Il Suo indirizzo email' },
};
