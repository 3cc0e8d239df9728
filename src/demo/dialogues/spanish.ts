import type { Dialogue, LanguageBook } from '../dialogue.ts';

const DIALOGUES: readonly Dialogue[] = [
  {
    title: 'El pedido no ha llegado',
    unit: 'shop',
    labels: ['delivery'],
    script: `
      contact: Hola, mi pedido {order} tenía que llegar el lunes y sigo sin noticias.
      agent: Hola {contact}, siento el retraso. ¿La dirección de entrega sigue siendo la misma?
      contact: Sí, la de siempre, tercero derecha.
      note: El repartidor puso "ausente" dos veces. @{colleague}, ¿puedes llamar a la agencia?
      agent: El repartidor pasó dos veces y no encontró a nadie. ¿Le viene bien mañana por la tarde, de 17 a 20?
      contact: Perfecto, a esa hora estoy en casa.
      agent: Queda programado. El número de seguimiento es {tracking}.
      contact: Mil gracias.
    `,
  },
  {
    title: 'Devolución de unas botas',
    unit: 'shop',
    labels: ['return', 'refund'],
    script: `
      contact: Buenas, quiero devolver unas botas, me hacen daño en el talón. [image botas.jpg]
      agent: ¡Buenas tardes! ¿Las ha usado solo en casa o también en la calle?
      contact: Una vuelta a la manzana, nada más.
      agent: No hay problema. Le mando la etiqueta de devolución. [file etiqueta-{order}.pdf]
      contact: ¿Y el dinero cuándo lo recibo?
      agent: En cuanto lleguen al almacén, normalmente antes del {day}. Son {amount}.
      contact: Estupendo, gracias por la rapidez.
    `,
  },
  {
    title: 'Cambiar la fecha del curso de escalada',
    unit: 'travel',
    labels: ['booking', 'change'],
    script: `
      contact: Hola! Tengo la reserva {booking} para el curso de escalada y me ha salido un viaje de trabajo 😩
      agent: ¡Vaya! El siguiente curso empieza dos semanas después, con el mismo guía. ¿Le serviría?
      contact: Me viene genial. ¿Hay que pagar algo más?
      agent: No, con más de diez días de antelación el cambio es gratis.
      contact: Pues adelante.
      agent: Hecho. Le acabo de enviar la nueva confirmación.
    `,
  },
  {
    title: 'No puedo entrar en mi cuenta',
    unit: 'cloud',
    labels: ['login'],
    script: `
      contact: Me dice que mi usuario no existe, pero ayer entraba sin problema.
      bot: ¿Con qué correo te registraste? [ask-email]
      contact: {email}
      bot: Ese correo cambió ayer a otro dominio. Te paso con una persona del equipo.
      agent: Hola {contact}, vuestra empresa cambió ayer de dominio y los usuarios se migraron. Prueba con el correo nuevo, por favor.
      contact: ¡Ahora sí! Nadie nos había avisado.
      agent: Se lo comento a vuestro administrador para que avise a todos. ¡Buen día!
    `,
  },
  {
    title: 'Factura a nombre de la empresa',
    unit: 'shop',
    labels: ['invoice'],
    channel: 'EMAIL',
    script: `
      contact: Buenos días, necesito la factura {invoice} a nombre de la empresa y no al mío. ¿Es posible cambiarla?
      agent: Buenos días, claro que sí. ¿Me indica la razón social y el NIF, por favor?
      contact: Les adjunto la tarjeta con los datos. [file datos-fiscales.pdf]
      agent: Muchas gracias. Aquí tiene la factura rectificada. [file {invoice}-rectificada.pdf]
      contact: Recibida. Muy amables.
    `,
  },
  {
    title: 'Saco de dormir equivocado',
    unit: 'shop',
    labels: ['wrong-item'],
    script: `
      contact: Pedí el saco azul y me ha llegado uno rosa de niño 😅 [image saco-rosa.jpg]
      agent: ¡Ay, perdón! Seguro que alguien está intentando meterse ahora mismo en uno infantil… ¿Me confirma el pedido {order}?
      contact: Ese mismo jajaja
      agent: El azul sale hoy y el rosa lo recoge el mismo mensajero. No tiene que hacer nada.
      contact: Mi hija pregunta si se puede quedar el rosa.
      note: Margen de sobra. Se lo dejamos a mitad de precio.
      agent: Dígale que sí: se lo dejamos a mitad de precio, {amount}.
      contact: ¡Tenéis una fan nueva!
    `,
  },
  {
    title: 'Transfer del aeropuerto al refugio',
    unit: 'travel',
    labels: ['transport', 'question'],
    script: `
      contact: Hola, llegamos a las 23:40. ¿A esa hora todavía hay transfer al refugio?
      agent re 1: El último sale a las 22:30, pero podemos pedir un coche para ustedes. Serían {amount}.
      contact: Somos cuatro con mochilas grandes, ¿cabemos?
      agent: Sí, es una furgoneta. El conductor les espera aquí. [location 42.3389,1.4092 Salida B, aeropuerto de La Seu]
      contact: Reservado entonces, gracias.
    `,
  },
  {
    title: 'El descuento de estudiante no se aplica',
    unit: 'cloud',
    labels: ['billing', 'voucher'],
    script: `
      contact: Me habéis cobrado el precio completo y soy estudiante.
      agent: ¿Me puede enviar una foto del carné vigente?
      contact: [image carne-estudiante.jpg]
      agent: Gracias, verificado. Le devolvemos {amount} y el descuento queda activo hasta junio.
      contact: Muchísimas gracias.
    `,
  },
  {
    title: 'Horario de la tienda',
    unit: 'shop',
    labels: ['question', 'bot'],
    script: `
      contact: Hola, ¿a qué hora cerráis hoy?
      bot: ¡Hola! Soy Compass. La tienda de Madrid cierra hoy a las 20:30. ¿Quieres que te guarde algo?
      contact: Sí, un par de crampones del 42.
      bot: Apartados a tu nombre hasta mañana, referencia {order}. ¿Algo más? [quick No, gracias | Hablar con alguien]
    `,
  },
];

export const SPANISH: LanguageBook = {
  language: 'es',
  dialogues: DIALOGUES,
  afterthoughts: [
    `
      contact: Perdone, una última cosa: ¿me lo puede confirmar por escrito?
      agent: Por supuesto, lo acaba de recibir en su correo.
    `,
    `
      contact: Hola otra vez, ha vuelto a pasar lo mismo.
      agent: Lo siento mucho, lo reviso ahora mismo y no lo suelto hasta que funcione.
    `,
  ],
  survey: '¿Qué tal le hemos atendido?',
  questions: { topic: '¿En qué podemos ayudarle?', email: 'Su correo electrónico' },
};
