import type { Dialogue, LanguageBook } from '../dialogue.ts';

const DIALOGUES: readonly Dialogue[] = [
  {
    title: 'Encomenda parada na alfândega',
    unit: 'shop',
    labels: ['delivery', 'customs'],
    contactIs: 'he',
    script: `
      contact: Oi, meu pedido {order} está parado na alfândega faz dez dias. O que eu faço?
      agent: Oi, {contact}! A alfândega pediu a nota fiscal. Posso enviar por você, tudo bem?
      contact: Claro, por favor!
      agent: Enviada. Costuma levar até três dias úteis.
      contact: Vou ter que pagar imposto?
      agent: Não, o imposto já estava incluído nos {amount}.
      contact: Ufa, obrigado 🙏
    `,
  },
  {
    title: 'Troca de cor da jaqueta',
    unit: 'shop',
    labels: ['exchange'],
    script: `
      contact: Boa tarde! A jaqueta chegou preta, mas pedi a amarela. [image jaqueta-preta.jpg]
      agent: Boa tarde! Desculpe o engano. Prefere trocar ou ficar com a preta e ganhar 20% de desconto?
      contact: Quero a amarela mesmo, é para pedalar à noite.
      agent: Faz todo o sentido. A amarela sai hoje com o código {tracking}.
      contact: E a preta, como devolvo?
      agent: O entregador leva na mesma hora. É só deixar na sacola.
      contact: Maravilha.
    `,
  },
  {
    title: 'Pagamento recusado na reserva',
    unit: 'travel',
    labels: ['payment', 'booking'],
    script: `
      contact: Tentei pagar a reserva {booking} três vezes e o cartão é recusado.
      agent: Oi! O banco costuma bloquear compras de fora. Quer tentar com Pix?
      contact: Pode ser, manda o código.
      agent: Aqui está, vale por 30 minutos. [image pix-qr.png]
      contact: Pago!
      note: Caiu na conta. @{colleague}, por favor confirma os lugares no barco.
      agent: Recebido, {amount}. As vagas no barco estão confirmadas. Boa viagem!
    `,
  },
  {
    title: 'Não consigo exportar o relatório',
    unit: 'cloud',
    labels: ['bug', 'export'],
    script: `
      contact: O botão de exportar fica girando e nada acontece. [video tela-exportar.mp4]
      agent: Valeu pelo vídeo! Quantos meses você está exportando de uma vez?
      contact: O ano inteiro.
      agent: Aí está: acima de seis meses ele trava, é um defeito nosso. Consegue fazer em duas partes por enquanto?
      contact: Funcionou em duas partes.
      agent: Ótimo! A correção sai até {day}, eu aviso você.
    `,
  },
  {
    title: 'Trilha com crianças',
    unit: 'travel',
    labels: ['question'],
    script: `
      contact: Olá, crianças de 6 e 9 anos podem fazer a trilha da Chapada?
      agent: Olá {contact}! A de 9 sim; para a de 6 recomendo o roteiro curto, com banho de cachoeira.
      contact: Cachoeira já ganhou! Tem vaga no feriado?
      agent: Tem três. Fica em {amount} para a família. Reservo?
      contact: Reserva!
      agent: Reservado, {booking}. Levem repelente 🦟
    `,
  },
  {
    title: 'Mudança de plano e fatura',
    unit: 'cloud',
    labels: ['billing', 'upgrade'],
    channel: 'EMAIL',
    contactIs: 'she',
    script: `
      contact: Bom dia, gostaríamos de passar para o plano anual. O valor já pago este mês é descontado?
      agent: Bom dia! Sim, é descontado por dia. Ficaria em {amount} até à renovação.
      contact: Muito bem, podem avançar. A fatura deve ir com o nosso NIF.
      agent: Plano alterado. Segue a fatura com o NIF. [file {invoice}.pdf]
      contact: Recebida, obrigada pela atenção.
    `,
  },
  {
    title: 'Sticker, áudio e um pneu furado',
    unit: 'shop',
    labels: ['advice', 'bike'],
    script: `
      contact: [voice-note 23 Oi gente, furou o pneu da gravel aro 700 por 40. Qual câmara de ar serve? Tô na rua ainda.]
      agent: Oi! Câmara 700 x 35-43, válvula presta. Temos na loja a dois quarteirões de você. [location -23.5614,-46.6559 Meridian Paulista]
      contact: Salvou! [sticker]
      agent: O pessoal da loja já está com a bomba na mão 😄
    `,
  },
  {
    title: 'Segunda via do voucher',
    unit: 'travel',
    labels: ['documents', 'bot'],
    script: `
      contact: Perdi o voucher da reserva {booking}
      bot: Sem problema! Acabei de enviar de novo para {email}. Chegou?
      contact: Chegou sim
      bot: Boa viagem! Quer que eu lembre você do check-in? [quick Quero | Não precisa]
    `,
  },
];

export const PORTUGUESE: LanguageBook = {
  language: 'pt',
  dialogues: DIALOGUES,
  afterthoughts: [
    `
      contact: Só mais uma coisa, dá para mandar isso por e-mail?
      agent: Claro, acabei de mandar.
    `,
    `
      contact: Oi, voltou a acontecer…
      agent: Poxa, sinto muito. Já estou vendo de novo.
    `,
  ],
  survey: 'Como foi o nosso atendimento?',
  questions: { topic: 'Como podemos ajudar?', email: 'Seu e-mail' },
};
