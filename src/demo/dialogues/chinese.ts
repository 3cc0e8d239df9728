import type { Dialogue, LanguageBook } from '../dialogue.ts';

const DIALOGUES: readonly Dialogue[] = [
  {
    title: '快递三天没有更新',
    unit: 'shop',
    labels: ['delivery'],
    script: `
      contact: 你好，我的快递 {tracking} 三天没有更新了，能帮我查一下吗？
      agent: 您好，{contact}，请稍等，我马上联系快递公司。
      contact: 好的，我周五要出发去徒步，比较着急。
      note: Stuck at the Chengdu hub because of heavy rain. @{colleague} can we ship a second one from the local store?
      colleague-note: Yes, the store delivers it by courier tonight.
      agent: 包裹因为暴雨滞留在成都。我们今晚从门店给您另发一件，明天中午前送到。
      contact: 太好了，谢谢你们！
    `,
  },
  {
    title: '申请退款',
    unit: 'shop',
    labels: ['refund', 'damaged'],
    script: `
      contact: 收到的登山杖有划痕，想退货。 [image trekking-pole.jpg]
      agent: 非常抱歉给您带来不便。您希望退款，还是换一支新的？
      contact: 直接退款吧。
      agent: 好的，{amount} 会在 {day} 之前退回原支付账户。快递员会上门取件，不用您付运费。
      contact: 取件时间可以选晚上吗？
      agent: 可以，已经改为今晚七点到九点。
      contact: 服务不错，给个好评。
    `,
  },
  {
    title: '修改预订人数',
    unit: 'travel',
    labels: ['booking', 'change'],
    script: `
      contact: 您好，预订 {booking} 原来是两个人，现在想加一位老人，可以吗？
      agent: 可以的。请问老人多大年纪？平时走山路吗？
      contact: 六十八岁，每天都爬香山。
      agent: 那没有问题！加一位是 {amount}，房间换成三人间。
      contact: 好的，请帮我加上。
      agent: 已经加好了，新的确认单发到您的邮箱。祝你们旅途愉快！
    `,
  },
  {
    title: '开具增值税专用发票',
    unit: 'cloud',
    labels: ['invoice'],
    script: `
      contact: 请问可以开增值税专用发票吗？
      agent: 可以，请提供公司名称、税号、地址和开户行。
      contact: 资料在附件里。 [file 开票资料.pdf]
      agent: 收到。发票 {invoice} 已开具，请查收。 [file {invoice}.pdf]
      contact: 收到了，谢谢。
    `,
  },
  {
    title: '验证码收不到',
    unit: 'cloud',
    labels: ['login', 'security'],
    script: `
      contact: 登录的时候一直收不到验证码。
      bot: 请问您的手机号最近换过吗？ [quick 换过 | 没换过]
      contact: 没换过
      bot: 正在为您转接人工客服。
      agent: 您好，短信被手机的拦截功能挡住了。请在拦截记录里看一下。
      contact: 果然在里面！
      agent: 请把我们加入白名单，以后就不会再被拦截了。
      contact: 好的，多谢。
    `,
  },
  {
    title: '睡袋怎么清洗',
    unit: 'shop',
    labels: ['advice'],
    script: `
      contact: 羽绒睡袋可以机洗吗？
      agent: 可以用滚筒洗衣机，30度，用羽绒专用洗涤剂，然后低温烘干，放两个网球一起烘。
      contact: 网球？
      agent re 3: 对，网球可以把羽绒拍散，不会结块 🎾
      contact: 学到了，哈哈。 [sticker]
    `,
  },
  {
    title: '企业团建报价',
    unit: 'travel',
    labels: ['quote', 'wholesale'],
    channel: 'WECOM',
    script: `
      contact: 我们公司六十人想在十月做两天的户外团建，请发一个报价。
      agent: 您好，感谢咨询！请问预算和地点有偏好吗？
      contact: 北京周边，人均八百以内。
      note: Needs two guides per 20 people. @{colleague} please check who is free in October.
      agent: 给您做了两个方案，都在预算之内，请看附件。 [file 团建方案.pdf]
      contact: 方案二比较合适，我们内部讨论一下。
      agent: 好的，名额为您保留到 {day}。
    `,
  },
];

export const CHINESE: LanguageBook = {
  language: 'zh',
  dialogues: DIALOGUES,
  afterthoughts: [
    `
      contact: 不好意思，还有一个问题，能再问一下吗？
      agent: 当然可以，请讲。
    `,
    `
      contact: 问题又出现了，麻烦再看一下。
      agent: 非常抱歉，我马上重新处理。
    `,
  ],
  survey: '您对这次服务满意吗？',
  questions: { topic: '请问您要咨询什么？', email: '您的邮箱' },
};
