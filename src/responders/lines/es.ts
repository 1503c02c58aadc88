import { type ReceptionLines, says, starts, threeOf } from './reception-lines.ts';

export const es: ReceptionLines = {
  hears: {
    hello: starts('hola|buenos días|buenos dias|buenas(?: tardes| noches)?|qué tal|aló'),
    question: starts('¿|qué|cuándo|dónde|quién|cómo|cuál|cuánto|cuánta|puedo|puede|podría|tiene|tienen|hay|por qué'),
    yes: starts('sí|si|claro|correcto|exacto|así es|de acuerdo|vale|por supuesto'),
    no: starts('no|para nada|tampoco'),
    thanks: says('gracias|muchas gracias|se lo agradezco'),
    bye: says('adiós|adios|hasta (?:luego|pronto|mañana)|eso es todo|nada más|que (?:le|te) vaya bien|buen día|chao'),
    wait: says(
      'un momento|un momentito|un segundo|un minuto|espere|espera|deme un|déjeme (?:ver|buscar|mirar)|permítame|no cuelgue',
    ),
    numbers: threeOf('cero|uno|dos|tres|cuatro|cinco|seis|siete|ocho|nueve'),
  },
  hello: ['Hola, gracias por llamar.', 'Buenas, qué gusto atenderle.', 'Hola, le escucho bien.'],
  check: ['Déjeme comprobarlo.', 'Buena pregunta, lo voy a mirar.', 'Enseguida lo averiguo.'],
  yes: ['Perfecto, gracias.', 'Muy bien, lo tengo.', 'Bien, eso ayuda.'],
  no: ['No hay problema.', 'Está bien así.', 'De acuerdo, no pasa nada.'],
  noted: ['Gracias, queda anotado.', 'Muy bien, lo he apuntado.', 'Perfecto, ya lo tengo escrito.'],
  more: ['Muy bien.', 'Claro que sí.', 'Entiendo, gracias.', 'De acuerdo.', 'Gracias por decírmelo.'],
  asks: [
    '¿Qué le gustaría hacer?',
    '¿En qué puedo ayudarle hoy?',
    '¿Qué más debo saber?',
    '¿Cómo le gustaría seguir?',
    'Continúe, por favor, le escucho.',
    '¿Qué puedo hacer por usted?',
    '¿Hay algo más que añadir?',
  ],
  thanks: [
    'De nada. ¿Necesita algo más hoy?',
    'Con mucho gusto. ¿Qué más puedo hacer por usted?',
    'Para eso estamos. ¿Le gustaría algo más?',
  ],
  wait: [
    'Por supuesto, tómese su tiempo. Aquí estoy.',
    'Claro, sin prisa. Yo le espero.',
    'Está bien, tómese el tiempo que necesite.',
  ],
  still: [
    '¿Sigue usted ahí? Le estoy escuchando.',
    'Hola, ¿todavía me oye usted bien?',
    'Aquí sigo. ¿Le gustaría continuar ahora?',
    'Solo quería saber: ¿sigue en la línea?',
  ],
  unheard: [
    'Perdone, no le he entendido. ¿Puede repetirlo?',
    'Se oye mal la línea. ¿Lo repite, por favor?',
    'No le he oído bien. Dígalo otra vez, por favor.',
  ],
  bye: [
    'Gracias por llamar. Que tenga un buen día, adiós.',
    'De nada. Cuídese mucho y hasta pronto.',
    'Muy bien, gracias por su llamada. Adiós.',
  ],
};
