import { type ReceptionLines, says, starts, threeOf } from './reception-lines.ts';

export const pt: ReceptionLines = {
  hears: {
    hello: starts('olá|oi|alô|bom dia|boa tarde|boa noite'),
    question: starts(
      'o que|quando|onde|quem|como|qual|quanto|quanta|posso|pode|poderia|tem|vocês têm|por que|será que',
    ),
    yes: starts('sim|claro|certo|isso|exato|exatamente|com certeza|pode ser|tá bom|está bem'),
    no: starts('não|nao|de jeito nenhum|nada'),
    thanks: says('obrigado|obrigada|muito obrigado|muito obrigada|agradeço|valeu'),
    bye: says(
      'tchau|adeus|até (?:logo|mais|breve|amanhã)|é só isso|era só isso|só isso|tenha um bom dia|bom fim de semana',
    ),
    wait: says(
      'um momento|um momentinho|um segundo|um minuto|um instante|espere|espera|aguarde|deixa eu (?:ver|olhar|pegar)|deixe-me',
    ),
    numbers: threeOf('zero|um|dois|três|quatro|cinco|seis|meia|sete|oito|nove'),
  },
  hello: ['Olá, obrigado por ligar.', 'Oi, que bom falar com você.', 'Olá, ouço você bem.'],
  check: ['Vou verificar isso para você.', 'Boa pergunta, vou conferir.', 'Já descubro isso para você.'],
  yes: ['Ótimo, obrigado.', 'Perfeito, já tenho isso.', 'Bom, isso ajuda.'],
  no: ['Sem problema algum.', 'Tudo bem assim.', 'Certo, não faz mal.'],
  noted: ['Obrigado, já está anotado.', 'Certo, escrevi aqui.', 'Perfeito, tomei nota disso.'],
  more: ['Tudo bem.', 'Claro que sim.', 'Entendo, obrigado.', 'Certo, entendi.', 'Obrigado por me dizer.'],
  asks: [
    'O que você gostaria de fazer?',
    'Como posso ajudar você hoje?',
    'O que mais devo saber?',
    'Como você prefere continuar agora?',
    'Pode continuar, estou ouvindo você.',
    'O que posso fazer por você?',
    'Há mais alguma coisa a acrescentar?',
  ],
  thanks: [
    'De nada. Precisa de mais alguma coisa?',
    'É um prazer. O que mais posso fazer?',
    'Imagina. Gostaria de mais alguma coisa hoje?',
  ],
  wait: [
    'Claro, fique à vontade. Eu espero aqui.',
    'Sem pressa nenhuma. Eu aguardo você.',
    'Tudo bem, leve o tempo que precisar.',
  ],
  still: [
    'Você ainda está aí? Estou ouvindo.',
    'Olá, você ainda me ouve bem?',
    'Continuo aqui. Você gostaria de continuar?',
    'Só para saber: você ainda está na linha?',
  ],
  unheard: [
    'Desculpe, não entendi. Pode repetir, por favor?',
    'A ligação está ruim. Poderia repetir isso?',
    'Não ouvi você bem. Diga mais uma vez, por favor.',
  ],
  bye: [
    'Obrigado por ligar. Tenha um bom dia, tchau.',
    'De nada. Cuide-se bem e até logo.',
    'Certo, obrigado pela ligação. Até logo.',
  ],
};
