import type { Dialogue, LanguageBook } from '../dialogue.ts';

const DIALOGUES: readonly Dialogue[] = [
  {
    title: '配送日時の変更',
    unit: 'shop',
    labels: ['delivery'],
    script: `
      contact: 注文番号 {order} の配送を、土曜日の午前中に変更できますか？
      agent: {contact}、お問い合わせありがとうございます。確認いたしますので少々お待ちください。
      agent: 土曜日の8時から12時で承れます。こちらでよろしいでしょうか？
      contact: はい、お願いします。置き配でも大丈夫です。
      agent: かしこまりました。変更が完了いたしました。お問い合わせ番号は {tracking} です。
      contact: 早い対応、ありがとうございました。
    `,
  },
  {
    title: '届いた商品が違います',
    unit: 'shop',
    labels: ['wrong-item'],
    script: `
      contact: 27cmの靴を注文したのに、25cmが届きました。 [image shoebox.jpg]
      agent: 大変申し訳ございません。箱のラベルの写真をもう一枚いただけますか？
      contact: こちらです。 [image label.jpg]
      note: Picking error in Osaka, same shelf for both sizes. @{colleague} please tell the warehouse.
      agent: ありがとうございます。正しいサイズを本日発送し、配達時に交換いたします。お手続きは不要です。
      contact: 助かります。週末の登山に間に合いそうです。
      agent: お気をつけて行ってらっしゃいませ。
    `,
  },
  {
    title: '領収書の宛名について',
    unit: 'shop',
    labels: ['invoice'],
    channel: 'EMAIL',
    script: `
      contact: お世話になっております。領収書 {invoice} の宛名を会社名に変更していただけますでしょうか。
      agent: いつもお世話になっております。正式な会社名をお知らせいただけますか？
      contact: 株式会社みどり企画です。よろしくお願いいたします。
      agent: 変更した領収書を添付いたします。ご確認くださいませ。 [file {invoice}.pdf]
      contact: 確かに受け取りました。ありがとうございました。
    `,
  },
  {
    title: '予約のキャンセル',
    unit: 'travel',
    labels: ['cancellation', 'booking'],
    script: `
      contact: 台風が心配なので、屋久島ツアー {booking} をキャンセルしたいです。
      agent: ご連絡ありがとうございます。台風の場合、キャンセル料はかかりません。日程の変更も可能ですが、いかがなさいますか？
      contact: 変更できるなら、来月の同じ曜日がいいです。
      agent: {day} 出発に空きがございます。こちらでお取りしてもよろしいですか？
      contact: お願いします！
      agent: 変更いたしました。新しい予約確認書をお送りします。
    `,
  },
  {
    title: 'ログインできません',
    unit: 'cloud',
    labels: ['login'],
    script: `
      contact: パスワードは合っているのに、ログインできません。
      bot: 表示されているメッセージを選んでください。 [choose パスワードが違います | アカウントがロックされました | その他]
      contact: アカウントがロックされました
      bot: 担当者におつなぎします。
      agent: お待たせいたしました。ロックを解除しましたので、もう一度お試しいただけますか？
      contact: 入れました。ありがとうございます。
    `,
  },
  {
    title: 'テントの張り方',
    unit: 'shop',
    labels: ['advice'],
    script: `
      contact: 初めてのテントで、張り綱の使い方がよく分かりません。
      agent: 動画つきの説明がございますので、ご覧ください。 [embed https://www.example.com/howto/guy-lines 張り綱の基本]
      contact: なるほど、角度が大事なんですね。
      agent: はい、地面に対して45度くらいが目安です。風が強い日は低めにしてください。
      contact: うまくできました！ [image tent-pitched.jpg]
      agent: とてもきれいに張れていますね。良いキャンプを！
    `,
  },
  {
    title: '返金はいつになりますか',
    unit: 'shop',
    labels: ['refund'],
    script: `
      contact: 先週返品したジャケットの返金はいつ頃になりますか？
      agent: 本日検品が完了しました。{amount} を {day} までにご返金いたします。
      contact: クレジットカードに戻りますか？
      agent re 3: はい、ご利用のカードに戻ります。明細への反映はカード会社により異なります。
      contact: 分かりました。
    `,
  },
  {
    title: '営業時間を教えてください',
    unit: 'shop',
    labels: ['question', 'bot'],
    script: `
      contact: 東京の店舗は何時まで開いていますか？
      bot: Compassです。本日は20時まで営業しております。ほかにご質問はございますか？ [quick いいえ | 担当者と話す]
      contact: いいえ
      bot: ご利用ありがとうございました。
    `,
  },
];

export const JAPANESE: LanguageBook = {
  language: 'ja',
  dialogues: DIALOGUES,
  afterthoughts: [
    `
      contact: すみません、もう一つだけ質問してもいいですか？
      agent: もちろんです。どのようなことでしょうか？
    `,
    `
      contact: また同じ症状が出てしまいました。
      agent: ご不便をおかけして申し訳ございません。すぐに確認いたします。
    `,
  ],
  survey: '今回の対応はいかがでしたか？',
  questions: { topic: 'お問い合わせ内容', email: 'メールアドレス' },
};
