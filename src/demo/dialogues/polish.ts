import type { Dialogue, LanguageBook } from '../dialogue.ts';

const DIALOGUES: readonly Dialogue[] = [
  {
    title: 'Paczka utknęła w paczkomacie',
    unit: 'shop',
    labels: ['delivery'],
    contactIs: 'she',
    script: `
      contact: Dzień dobry, skrytka w paczkomacie się nie otwiera, a paczka {tracking} jest w środku.
      agent: Dzień dobry {contact}, przykro mi. Czy na ekranie pojawia się jakiś komunikat?
      contact: "Skrytka niedostępna". Stoję przy nim teraz. [image paczkomat.jpg]
      note: Serwis potwierdził awarię, technik w drodze. @{colleague} proszę pilnuj zgłoszenia, kończę zmianę.
      agent: Technik jest w drodze, będzie za około 40 minut. Może Pani wrócić później, paczka nie zostanie odesłana.
      contact: To wrócę wieczorem.
      colleague: Dobry wieczór, skrytka już działa. Kod jest ten sam.
      contact: Odebrana, dziękuję!
    `,
  },
  {
    title: 'Zwrot plecaka',
    unit: 'shop',
    labels: ['return'],
    contactIs: 'he',
    script: `
      contact: Chciałbym zwrócić plecak z zamówienia {order}, jest za duży.
      agent: Oczywiście. Ma Pan na to 30 dni, etykieta jest w załączniku. [file etykieta-{order}.pdf]
      contact: Czy mogę od razu wymienić na 45 litrów?
      agent: Tak, 45 litrów jest dostępny w granacie i w oliwce. Który kolor?
      contact: Oliwka.
      agent: Wysyłamy dzisiaj. Różnica {amount} wróci na Pana konto.
      contact: Super, dzięki.
    `,
  },
  {
    title: 'Faktura na firmę',
    unit: 'cloud',
    labels: ['invoice'],
    channel: 'EMAIL',
    script: `
      contact: Dzień dobry, proszę o wystawienie faktury {invoice} na firmę. NIP w stopce.
      Pozdrawiam, {contact}
      agent: Dzień dobry, faktura jest gotowa, przesyłam w załączniku. [file {invoice}.pdf]
      contact: Brakuje numeru zamówienia po naszej stronie, księgowość się upiera…
      agent: Numer jest już dodany, poprawiona wersja w załączniku. [file {invoice}-korekta.pdf]
      contact: Teraz jest idealnie. Dziękuję.
    `,
  },
  {
    title: 'Zmiana terminu kursu żeglarskiego',
    unit: 'travel',
    labels: ['booking', 'change'],
    script: `
      contact: Hej, czy mogę przenieść rezerwację {booking} na sierpień?
      agent: Hej! W sierpniu zostały miejsca od 10. i od 24. Który termin pasuje?
      contact: 24. Czy instruktor będzie ten sam?
      agent: Tak, Tomek prowadzi oba kursy.
      contact: To biorę!
      agent: Przeniesione. Do zobaczenia na Mazurach ⛵
    `,
  },
  {
    title: 'Aplikacja wylogowuje co godzinę',
    unit: 'cloud',
    labels: ['login', 'bug'],
    contactIs: 'she',
    script: `
      contact: Od wczoraj aplikacja wylogowuje mnie co godzinę, tak się nie da pracować.
      agent: Rozumiem. Czy dzieje się to także w przeglądarce, czy tylko w aplikacji na telefonie?
      contact: Tylko w telefonie.
      note: Błąd w wersji 5.2 na Androidzie, poprawka już w sklepie od rana.
      agent: To błąd wersji 5.2. Rano wyszła 5.3, czy może Pani zaktualizować aplikację?
      contact: Zaktualizowana, obserwuję… Działa od trzech godzin!
    `,
  },
];

export const POLISH: LanguageBook = {
  language: 'pl',
  dialogues: DIALOGUES,
  afterthoughts: [
    `
      contact: Jeszcze jedno pytanie: czy dostanę potwierdzenie mailem?
      agent: Tak, właśnie zostało wysłane.
    `,
  ],
  survey: 'Jak oceniasz naszą pomoc?',
  questions: { topic: 'W czym możemy pomóc?', email: 'Adres e-mail' },
};
