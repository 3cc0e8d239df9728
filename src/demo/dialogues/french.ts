import type { Dialogue, LanguageBook } from '../dialogue.ts';

const DIALOGUES: readonly Dialogue[] = [
  {
    title: 'Colis livré abîmé',
    unit: 'shop',
    labels: ['delivery', 'damaged'],
    script: `
      contact: Bonjour, le colis {tracking} est arrivé tout écrasé et la gourde est fendue. [image colis-ecrase.jpg]
      agent: Bonjour {contact}, je suis désolée ! Le reste de la commande {order} est-il intact ?
      contact: Le réchaud a l'air d'aller, je ne l'ai pas encore essayé.
      agent: Ne l'allumez surtout pas avant de l'avoir vérifié : un choc peut déformer la valve. Je vous renvoie les deux.
      note: Réchaud = risque. @{colleague} on le fait reprendre par le transporteur spécial ?
      colleague-note: Oui, enlèvement demandé pour jeudi.
      agent: Tout repart aujourd'hui, et l'ancien réchaud sera repris chez vous jeudi.
      contact: Merci pour votre réactivité.
    `,
  },
  {
    title: 'Remboursement partiel ?',
    unit: 'shop',
    labels: ['refund'],
    script: `
      contact: J'ai retourné deux articles mais vous n'en avez remboursé qu'un seul.
      agent: Bonjour, je regarde tout de suite. C'était dans un seul carton ou dans deux ?
      contact: Deux cartons, le même jour.
      agent: Alors le second est encore en route. Dès qu'il est scanné, les {amount} partent sur votre compte.
      contact: D'accord. Vous me prévenez ?
      agent: Bien sûr, vous recevrez un message, sans doute le {day}.
    `,
  },
  {
    title: 'Report de la randonnée en raquettes',
    unit: 'travel',
    labels: ['booking', 'weather'],
    script: `
      contact: Bonjour, avec ce redoux, la sortie raquettes {booking} est-elle maintenue ?
      agent: Bonjour {contact}, le guide décide demain à 9 h. Il y a 40 cm au col, c'est juste.
      contact: Et si c'est annulé ?
      agent: Vous choisissez : une autre date, un bon, ou le remboursement complet.
      contact: Une autre date alors, en février de préférence.
      agent: Je vous garde trois places le 14 février, sans frais. [quick Parfait | Plutôt le 21]
      contact: Plutôt le 21
      agent: C'est noté pour le 21. Bonne neige !
    `,
  },
  {
    title: 'Mot de passe perdu',
    unit: 'cloud',
    labels: ['login'],
    script: `
      contact: Je ne reçois pas le lien pour changer mon mot de passe.
      bot: Avez-vous regardé dans les courriers indésirables ?
      contact: Oui, rien.
      bot: Je vous passe quelqu'un de l'équipe.
      agent: Bonjour, {agent} à l'appareil. Votre serveur de messagerie refuse nos courriels depuis hier. Avez-vous une autre adresse ?
      contact: Pas vraiment… On peut faire autrement ?
      agent: Oui : votre administratrice peut créer un lien valable dix minutes. Je lui écris.
      contact: Reçu, je suis connecté. Merci !
    `,
  },
  {
    title: 'Facture introuvable',
    unit: 'cloud',
    labels: ['invoice'],
    channel: 'EMAIL',
    script: `
      contact: Bonjour, notre comptable ne retrouve pas la facture {invoice}. Pouvez-vous nous en renvoyer une copie ?
      Cordialement, {contact}
      agent: Bonjour, la voici en pièce jointe. Souhaitez-vous que la comptabilité les reçoive directement à l'avenir ? [file {invoice}.pdf]
      contact: Très bonne idée, je vous communique l'adresse.
      agent: C'est enregistré. Les prochaines factures lui parviendront le 1er du mois.
      contact: Parfait, bonne journée.
    `,
  },
  {
    title: 'Tente : quelle taille pour deux et un chien ?',
    unit: 'shop',
    labels: ['advice'],
    script: `
      contact: Salut ! Deux adultes et un berger australien, la Ridge 2 suffit ?
      agent: Bonjour ! Pour une nuit, oui. Pour plusieurs nuits avec un chien mouillé, je prendrais la Ridge 3 😉
      contact: Elle pèse combien ?
      agent: 2,4 kg, soit 500 g de plus, mais avec deux absides.
      contact: Vendu. Le chien vous remercie. [image chien-dans-la-tente.jpg]
      agent: Il est magnifique ! Une caresse de notre part.
    `,
  },
  {
    title: 'Annuler la commande',
    unit: 'shop',
    labels: ['cancellation'],
    contactIs: 'he',
    script: `
      contact: Je voudrais annuler {order}, je me suis trompé de couleur.
      agent re 1: Elle est déjà en préparation. Préférez-vous que je change simplement la couleur ?
      contact: Si c'est encore possible, oui : vert au lieu d'orange.
      note: L'entrepôt a bien remplacé l'article, vu avec @{colleague}.
      agent: C'est changé, elle part ce soir en vert.
      contact: Ouf, merci !
    `,
  },
  {
    title: 'Attestation pour le comité d’entreprise',
    unit: 'travel',
    labels: ['documents'],
    script: `
      contact: Bonjour, il me faudrait une attestation de séjour pour mon CE, réservation {booking}.
      agent: Bonjour {contact}, avec plaisir. Faut-il le prix par personne ?
      contact: Oui, et les dates.
      agent: La voici, tout y figure. [file attestation-{booking}.pdf]
      contact: Impeccable, merci beaucoup.
    `,
  },
  {
    title: 'Suivi de commande',
    unit: 'shop',
    labels: ['delivery', 'bot'],
    script: `
      contact: Où en est ma commande {order} ?
      bot: Bonjour, je suis Compass. Elle a quitté l'entrepôt hier, le numéro de suivi est {tracking}.
      contact: Et elle arrive quand ?
      bot: Le {day}, entre 8 h et 13 h. Voulez-vous changer le créneau ? [quick Oui | Non, c'est parfait]
    `,
  },
];

export const FRENCH: LanguageBook = {
  language: 'fr',
  dialogues: DIALOGUES,
  afterthoughts: [
    `
      contact: Excusez-moi, une dernière chose : puis-je avoir une confirmation écrite ?
      agent: Bien sûr, elle vient de partir par courriel.
    `,
    `
      contact: Rebonjour, le problème est revenu ce matin.
      agent: Je reprends le dossier tout de suite, et je le suis jusqu'au bout.
    `,
  ],
  survey: 'Êtes-vous satisfait de notre réponse ?',
  questions: { topic: 'Quel est le sujet de votre demande ?', email: 'Votre adresse électronique' },
};
