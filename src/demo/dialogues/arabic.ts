import type { Dialogue, LanguageBook } from '../dialogue.ts';

const DIALOGUES: readonly Dialogue[] = [
  {
    title: 'تأخر وصول الطلب',
    unit: 'shop',
    labels: ['delivery'],
    script: `
      contact: السلام عليكم، طلبي رقم {order} متأخر أسبوعًا كاملًا. أين هو؟
      agent: وعليكم السلام {contact}، نعتذر عن التأخير. هل العنوان المسجل عندنا ما زال صحيحًا؟
      contact: نعم، العنوان نفسه.
      note: Courier has the wrong district. @{colleague} please call them, they only answer by phone.
      agent: تواصلنا مع شركة الشحن، وسيصل الطلب غدًا قبل الظهر إن شاء الله.
      contact: شكرًا جزيلًا على المتابعة.
    `,
  },
  {
    title: 'استرجاع المبلغ',
    unit: 'shop',
    labels: ['refund'],
    script: `
      contact: مرحبًا، أعدت الحذاء قبل عشرة أيام ولم يصلني المبلغ بعد.
      agent: أهلًا بك. هل يمكنك إرسال صورة لإيصال الشحن من فضلك؟
      contact: تفضلوا. [image receipt.jpg]
      agent: شكرًا لك. تم تحويل {amount} اليوم، وسيظهر في حسابك قبل {day}.
      contact: ممتاز، بارك الله فيكم.
    `,
  },
  {
    title: 'تعديل حجز رحلة الصحراء',
    unit: 'travel',
    labels: ['booking', 'change'],
    script: `
      contact: أريد تغيير موعد رحلة الصحراء، رقم الحجز {booking}.
      agent: بكل سرور. أي يوم يناسبك؟
      contact: الخميس القادم إن أمكن، ونحن خمسة أشخاص الآن بدل أربعة.
      agent: يوجد مكان لخمسة أشخاص يوم الخميس. الفرق هو {amount}. هل أؤكد الحجز؟
      contact: نعم، أكد من فضلك.
      agent: تم التأكيد. نقطة اللقاء هنا. [location 25.0657,55.1713 نقطة اللقاء]
    `,
  },
  {
    title: 'لا أستطيع تسجيل الدخول',
    unit: 'cloud',
    labels: ['login'],
    contactIs: 'he',
    script: `
      contact: منذ الصباح لا أستطيع الدخول إلى حسابي.
      bot: هل نسيت كلمة المرور؟ [quick نعم | لا]
      contact: لا
      bot: سأحولك إلى أحد الزملاء.
      agent: أهلًا {contact}، الحساب مقفل بسبب محاولات كثيرة. فتحته لك الآن، هل تجرب مرة أخرى؟
      contact: نعم، يعمل الآن. شكرًا!
    `,
  },
  {
    title: 'فاتورة باسم الشركة',
    unit: 'cloud',
    labels: ['invoice'],
    channel: 'EMAIL',
    script: `
      contact: تحية طيبة، نرجو إصدار الفاتورة {invoice} باسم الشركة مع الرقم الضريبي.
      agent: تحية طيبة، نرجو تزويدنا بالرقم الضريبي واسم الشركة بالعربية والإنجليزية.
      contact: المعلومات في الملف المرفق. [file company-details.pdf]
      agent: تم إصدار الفاتورة، تجدونها مرفقة. [file {invoice}.pdf]
      contact: وصلت، شكرًا لكم.
    `,
  },
];

export const ARABIC: LanguageBook = {
  language: 'ar',
  dialogues: DIALOGUES,
  afterthoughts: [
    `
      contact: عفوًا، سؤال أخير: هل يمكن إرسال تأكيد مكتوب؟
      agent: بالتأكيد، أرسلته إلى بريدك الآن.
    `,
  ],
  survey: 'ما رأيك في خدمتنا؟',
  questions: { topic: 'كيف يمكننا مساعدتك؟', email: 'بريدك الإلكتروني' },
};
