import type { Dialogue, LanguageBook } from '../dialogue.ts';

const DIALOGUES: readonly Dialogue[] = [
  {
    title: 'Paket seit fünf Tagen im Verteilzentrum',
    unit: 'shop',
    labels: ['delivery'],
    script: `
      contact: Guten Tag, meine Sendung {tracking} liegt seit fünf Tagen im Verteilzentrum und bewegt sich nicht.
      agent: Guten Tag {contact}, das ist ärgerlich. Geht es um die Bestellung {order}?
      contact: Ja, der Rucksack. Ich brauche ihn für die Alpenüberquerung.
      note: Etikett laut Paketdienst unlesbar. @{colleague}, kannst du einen zweiten Rucksack reservieren?
      colleague-note: Reserviert, geht heute mit der Abendtour raus.
      agent: Das Etikett war unlesbar. Wir schicken Ihnen heute einen zweiten Rucksack per Express, er ist morgen bei Ihnen.
      contact: Und wenn der erste doch noch kommt?
      agent: Dann nehmen Sie ihn einfach nicht an, er kommt von selbst zu uns zurück.
      contact: Das nenne ich Kundendienst. Vielen Dank!
    `,
  },
  {
    title: 'Rechnung mit falscher Umsatzsteuer',
    unit: 'cloud',
    labels: ['invoice', 'billing'],
    channel: 'EMAIL',
    script: `
      contact: Sehr geehrte Damen und Herren,
      auf der Rechnung {invoice} sind 20 % Umsatzsteuer ausgewiesen, wir sitzen aber in Deutschland. Bitte um Korrektur.
      Mit freundlichen Grüßen, {contact}
      agent: Guten Tag, danke für den Hinweis. In Ihrem Konto stand noch die alte Adresse in Graz. Soll ich sie für alle künftigen Rechnungen ändern?
      contact: Ja bitte, und die Rechnung neu ausstellen.
      agent: Beides ist erledigt, die korrigierte Rechnung hängt an. [file {invoice}-korrigiert.pdf]
      contact: Besten Dank, passt.
    `,
  },
  {
    title: 'Umbuchung der Hüttentour',
    unit: 'travel',
    labels: ['booking', 'change'],
    script: `
      contact: Hallo, wir würden unsere Tour {booking} gern um eine Woche verschieben, wegen der Einschulung.
      agent: Hallo {contact}, die Woche darauf sind noch zwei Betten im Mehrbettzimmer frei. Ginge das auch?
      contact: Eigentlich hatten wir ein Doppelzimmer. Gibt es keine andere Möglichkeit?
      agent re 3: In der letzten Hütte könnte ich Ihnen ein Doppelzimmer geben, in den ersten beiden nur das Lager.
      contact: Dann nehmen wir das so, Oropax ist eingepackt. 😄
      agent: Umgebucht! Die Differenz von {amount} bekommen Sie zurück.
    `,
  },
  {
    title: 'Anmeldung am Tablet geht nicht',
    unit: 'cloud',
    labels: ['login'],
    script: `
      contact: Am Tablet in der Werkstatt kommt nur "Sitzung abgelaufen", am PC klappt alles.
      agent: Stimmt die Uhrzeit auf dem Tablet? Bei mehr als fünf Minuten Abweichung wird die Anmeldung abgelehnt.
      contact: Die geht tatsächlich eine Stunde nach, Sommerzeit. [image tablet-uhrzeit.jpg]
      agent: Dann bitte in den Einstellungen "Zeit automatisch" einschalten und neu anmelden.
      contact: Läuft. Auf sowas muss man erst mal kommen.
    `,
  },
  {
    title: 'Reklamation: Naht an der Jacke gerissen',
    unit: 'shop',
    labels: ['warranty'],
    script: `
      contact: Nach drei Wochen ist die Schulternaht der Sturmjacke aufgegangen. [image naht.jpg]
      agent: Das tut mir leid. Danke für das Bild, das ist klar ein Fall für die Garantie.
      agent: Möchten Sie lieber eine Reparatur oder eine neue Jacke?
      contact: Reparatur, wenn es nicht ewig dauert. Wegwerfen finde ich schade.
      agent: Das freut uns. Unsere Näherei braucht zehn Tage; hier ist das Versandetikett. [file etikett-{order}.pdf]
      contact: Ist heute auf die Post gegangen.
      agent: Die Jacke ist bei uns angekommen und wird am {day} fertig.
      contact: Prima, danke!
    `,
  },
  {
    title: 'Doppelte Abbuchung per Lastschrift',
    unit: 'shop',
    labels: ['payment', 'refund'],
    script: `
      contact: Bei mir wurden {amount} zweimal abgebucht. Was ist da los?
      bot: Das klärt am besten ein Mensch. Ich hole jemanden aus der Buchhaltung dazu.
      agent: Hallo, hier ist {agent}. Ich sehe beide Abbuchungen zur Bestellung {order}. Eine davon ist ein Fehler unseres Zahlungsdienstes.
      contact: Soll ich sie zurückbuchen lassen?
      agent: Bitte nicht, sonst kostet es uns beide Gebühren. Das Geld ist angewiesen und am {day} bei Ihnen.
      contact: In Ordnung, ich warte so lange.
    `,
  },
  {
    title: 'Größenberatung Wanderschuhe',
    unit: 'shop',
    labels: ['advice'],
    script: `
      contact: Ich habe breite Füße und Einlagen. Fallen die Bergstiefel eher groß oder klein aus?
      agent: Eher schmal. Mit Einlagen würde ich eine halbe Nummer größer nehmen, oder gleich das Modell "Weit".
      contact: Gibt es das auch in 47?
      agent: Ja, in Braun. Sie können beide bestellen und ein Paar kostenlos zurückschicken.
      contact: So mache ich es. Merci!
    `,
  },
  {
    title: 'Kündigung zum Monatsende',
    unit: 'cloud',
    labels: ['cancellation', 'churn-risk'],
    script: `
      contact: Hiermit kündige ich unser Abo zum Monatsende. Bitte bestätigen.
      agent: Guten Tag {contact}, hiermit bestätige ich die Kündigung. Darf ich fragen, was den Ausschlag gab?
      contact: Wir schließen die Filiale, an der Software lag es nicht.
      note: Guter Kunde, vier Jahre dabei. @{colleague} wollen wir Daten ein Jahr statt 30 Tage aufheben?
      agent: Das tut mir leid. Wir heben Ihre Daten ein Jahr lang kostenlos auf, falls Sie wieder öffnen.
      contact: Sehr anständig, danke.
    `,
  },
  {
    title: 'Zelt leihen für ein Wochenende',
    unit: 'travel',
    labels: ['question', 'rental'],
    script: `
      contact: Kann man bei euch auch ein Zelt nur leihen? Für vier Personen, nächstes Wochenende.
      agent: Ja, im Laden in Hamburg und in Leipzig. Was liegt näher?
      contact: Leipzig. [location 51.3397,12.3731 Leipzig, Markt]
      agent: Dort ist noch ein Ridge 4 frei, {amount} für das Wochenende. Soll ich es auf Ihren Namen legen?
      contact: Ja gern!
      agent: Liegt bereit ab Freitag, 10 Uhr. Bitte den Ausweis mitbringen.
    `,
  },
  {
    title: 'Wann kommt mein Fahrrad?',
    unit: 'shop',
    labels: ['delivery', 'bot'],
    script: `
      contact: Wann kommt mein Fahrrad?
      bot: Ich bin Compass und sehe gern nach. Wie lautet die Bestellnummer?
      contact: {order}
      bot: Ihr Rad ist montiert und geprüft. Die Spedition ruft Sie an; voraussichtlich kommt es am {day}.
      contact: Super, danke dir.
      bot: Gern! Brauchen Sie Hilfe bei der ersten Einstellung? [quick Ja, bitte | Nein, danke]
    `,
  },
];

export const GERMAN: LanguageBook = {
  language: 'de',
  dialogues: DIALOGUES,
  afterthoughts: [
    `
      contact: Eine Frage noch: Bekomme ich darüber eine schriftliche Bestätigung?
      agent: Ja, sie ist gerade per E-Mail an Sie gegangen.
    `,
    `
      contact: Leider ist das Problem heute wieder aufgetreten.
      agent: Das soll nicht sein, ich sehe es mir noch einmal gründlich an.
    `,
  ],
  survey: 'Wie zufrieden waren Sie mit uns?',
  questions: { topic: 'Worum geht es?', email: 'Ihre E-Mail-Adresse' },
};
