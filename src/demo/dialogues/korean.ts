import type { Dialogue, LanguageBook } from '../dialogue.ts';

const DIALOGUES: readonly Dialogue[] = [
  {
    title: '배송 지연 문의',
    unit: 'shop',
    labels: ['delivery'],
    script: `
      contact: 안녕하세요, 주문번호 {order} 배송이 왜 이렇게 늦어지나요?
      agent: 안녕하세요 {contact}, 불편을 드려 죄송합니다. 바로 확인해 보겠습니다.
      agent: 물류센터 사정으로 하루 늦어져서 내일 도착 예정입니다. 운송장 번호는 {tracking} 입니다.
      contact: 내일은 꼭 와야 해요. 주말에 캠핑 가거든요.
      agent: 네, 내일 오전 중으로 우선 배송되도록 요청해 두었습니다.
      contact: 감사합니다!
    `,
  },
  {
    title: '등산화 교환 신청',
    unit: 'shop',
    labels: ['exchange'],
    script: `
      contact: 등산화 사이즈가 작아서 270으로 교환하고 싶어요. [image boots.jpg]
      agent: 네, 270 재고가 있습니다. 실내에서만 신어 보셨나요?
      contact: 네, 밖에서는 안 신었어요.
      agent: 확인했습니다. 기사님이 {day} 방문해서 바로 교환해 드릴 예정입니다.
      contact: 편하네요, 고맙습니다.
    `,
  },
  {
    title: '제주 트레킹 예약 취소',
    unit: 'travel',
    labels: ['cancellation', 'booking'],
    script: `
      contact: 예약 {booking} 취소하고 싶은데 수수료가 있나요?
      agent: 출발 10일 전까지는 수수료가 없습니다. 날짜 변경도 가능한데 어떠세요?
      contact: 이번에는 취소할게요.
      agent: 취소 처리되었고 {amount} 전액 환불됩니다.
      contact: 빠르네요, 감사합니다.
    `,
  },
];

export const KOREAN: LanguageBook = {
  language: 'ko',
  dialogues: DIALOGUES,
  afterthoughts: [
    `
      contact: 하나만 더 여쭤볼게요. 영수증을 이메일로 받을 수 있을까요?
      agent: 네, 방금 이메일로 보내 드렸습니다.
    `,
  ],
  survey: '상담은 만족스러우셨나요?',
  questions: { topic: '무엇을 도와드릴까요?', email: '이메일 주소' },
};
