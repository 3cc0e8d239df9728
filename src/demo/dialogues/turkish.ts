import type { Dialogue, LanguageBook } from '../dialogue.ts';

const DIALOGUES: readonly Dialogue[] = [
  {
    title: 'Kargom iki gündür dağıtımda',
    unit: 'shop',
    labels: ['delivery'],
    script: `
      contact: Merhaba, {tracking} numaralı kargom iki gündür "dağıtımda" görünüyor ama gelen yok.
      agent: Merhaba {contact}, hemen kontrol ediyorum. Adresiniz değişti mi?
      contact: Hayır, aynı adres.
      note: Driver could not find the building. @{colleague} please send them the location pin.
      agent: Kurye binayı bulamamış. Konumunuzu paylaşabilir misiniz?
      contact: Tabii, burası. [location 40.9903,29.0290 Moda Caddesi, Kadıköy]
      agent: Teşekkürler, bugün 18.00'e kadar kapınızda olacak.
      contact: Geldi, elinize sağlık!
    `,
  },
  {
    title: 'İade ücreti',
    unit: 'shop',
    labels: ['return', 'refund'],
    script: `
      contact: Montu iade etmek istiyorum, kargo ücretini ben mi ödeyeceğim?
      agent: Hayır, iade ücretsiz. Anlaşmalı kargo kodunuz {order}.
      contact: Param ne zaman yatar?
      agent: Ürün bize ulaştıktan sonra en geç {day} tarihinde {amount} hesabınıza geçer.
      contact: Tamamdır, teşekkür ederim.
    `,
  },
  {
    title: 'Kapadokya turunda tarih değişikliği',
    unit: 'travel',
    labels: ['booking', 'change'],
    script: `
      contact: {booking} numaralı rezervasyonumuzu bir hafta ertelemek istiyoruz, mümkün mü?
      agent: Mümkün, o hafta iki kişilik yer var. Balon uçuşu da dahil kalsın mı?
      contact: Kesinlikle kalsın 🎈
      agent: Değiştirdim. Hava uygun olmazsa balon ücreti olan {amount} iade edilir.
      contact: Çok naziksiniz, teşekkürler.
    `,
  },
  {
    title: 'Şifremi sıfırlayamıyorum',
    unit: 'cloud',
    labels: ['login'],
    script: `
      contact: Şifre sıfırlama bağlantısına tıklayınca "süresi dolmuş" diyor.
      bot: Bağlantı 15 dakika geçerlidir. Yenisini göndereyim mi? [quick Evet | Temsilciye bağlan]
      contact: Temsilciye bağlan
      bot: Sizi bir arkadaşımıza bağlıyorum.
      agent: Merhaba, saat ayarınız bir saat ileri görünüyor, o yüzden bağlantı hemen düşüyor. Düzeltip tekrar dener misiniz?
      contact: Oldu! Kimse bunu bilemezdi.
    `,
  },
];

export const TURKISH: LanguageBook = {
  language: 'tr',
  dialogues: DIALOGUES,
  afterthoughts: [
    `
      contact: Son bir sorum daha var: yazılı onay alabilir miyim?
      agent: Elbette, e-posta adresinize gönderdim.
    `,
  ],
  survey: 'Hizmetimizden ne kadar memnun kaldınız?',
  questions: { topic: 'Size nasıl yardımcı olabiliriz?', email: 'E-posta adresiniz' },
};
