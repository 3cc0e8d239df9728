import type { Dialogue, LanguageBook } from '../dialogue.ts';

const DIALOGUES: readonly Dialogue[] = [
  {
    title: 'พัสดุยังไม่ถึง',
    unit: 'shop',
    labels: ['delivery'],
    contactIs: 'she',
    script: `
      contact: สวัสดีค่ะ พัสดุเลข {tracking} ขึ้นว่าจัดส่งสำเร็จแล้ว แต่ยังไม่ได้รับเลยค่ะ
      agent: สวัสดีค่ะ {contact} ขออภัยด้วยนะคะ ขอตรวจสอบกับขนส่งสักครู่ค่ะ
      contact: ได้ค่ะ รบกวนด้วยนะคะ
      note: Left with the guard of the condo next door. @{colleague} third case this week with this courier.
      agent: พนักงานฝากไว้ที่ป้อมยามของคอนโดข้าง ๆ ค่ะ เดี๋ยวให้เขานำไปส่งใหม่ก่อนหกโมงเย็นวันนี้นะคะ
      contact: ได้รับแล้วค่ะ ขอบคุณมากค่ะ [image parcel.jpg]
    `,
  },
  {
    title: 'ขอเปลี่ยนไซซ์รองเท้า',
    unit: 'shop',
    labels: ['exchange'],
    contactIs: 'he',
    script: `
      contact: รองเท้าคับไปหน่อยครับ เปลี่ยนเป็นเบอร์ 43 ได้ไหมครับ
      agent: ได้ค่ะ ไม่ทราบว่าใส่ออกนอกบ้านแล้วหรือยังคะ
      contact: ยังครับ ลองในบ้านอย่างเดียว
      agent: เรียบร้อยค่ะ ส่งคู่ใหม่ไปวันนี้ และจะมีคนไปรับคู่เดิมให้ถึงบ้านนะคะ
      contact: สะดวกมากเลยครับ ขอบคุณครับ
    `,
  },
  {
    title: 'สอบถามทริปดำน้ำ',
    unit: 'travel',
    labels: ['booking', 'question'],
    contactIs: 'she',
    script: `
      contact: ทริปดำน้ำที่สิมิลันยังมีที่ว่างไหมคะ ไปสองคน
      agent: ยังมีค่ะ วันที่ {day} ว่างพอดีสองที่ ราคา {amount} ต่อท่านค่ะ
      contact: มีอาหารกลางวันด้วยไหมคะ
      agent: มีค่ะ รวมอาหารกลางวัน น้ำดื่ม และอุปกรณ์ทั้งหมด รบกวนชำระผ่านคิวอาร์โค้ดนี้ค่ะ [image qr-payment.png]
      contact: โอนแล้วค่ะ [image slip.jpg]
      agent: ได้รับแล้วค่ะ หมายเลขการจอง {booking} เจอกันที่ท่าเรือนะคะ
    `,
  },
  {
    title: 'เข้าระบบไม่ได้',
    unit: 'cloud',
    labels: ['login'],
    contactIs: 'he',
    script: `
      contact: เข้าระบบไม่ได้ครับ ขึ้นว่ารหัสหมดอายุ
      bot: รบกวนแจ้งอีเมลที่ใช้ลงทะเบียนด้วยครับ [ask-email]
      contact: {email}
      bot: กำลังโอนสายไปยังเจ้าหน้าที่ กรุณารอสักครู่
      agent: ส่งลิงก์ตั้งรหัสใหม่ไปที่อีเมลแล้วค่ะ ลองดูได้เลยนะคะ
      contact: เข้าได้แล้วครับ ขอบคุณครับ [sticker]
    `,
  },
];

export const THAI: LanguageBook = {
  language: 'th',
  dialogues: DIALOGUES,
  afterthoughts: [
    `
      contact: ขอถามเพิ่มอีกนิด ขอใบเสร็จทางอีเมลได้ไหม
      agent: ได้ค่ะ ส่งให้เรียบร้อยแล้วนะคะ
    `,
  ],
  survey: 'คุณพอใจกับบริการของเรามากแค่ไหน',
  questions: { topic: 'ต้องการสอบถามเรื่องใด', email: 'อีเมลของคุณ' },
};
