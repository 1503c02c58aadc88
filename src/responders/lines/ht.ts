import { type ReceptionLines, says, starts, threeOf } from './reception-lines.ts';

/** Haitian Creole. */
export const ht: ReceptionLines = {
  hears: {
    hello: starts('bonjou|bonswa|alo|alò|sak pase|salitasyon'),
    question: starts(
      'èske|eske|kisa|ki sa|kilè|ki lè|ki kote|kibò|kiyès|kijan|ki jan|konbyen|poukisa|mwen ka|ou ka|nou ka',
    ),
    yes: starts('wi|dakò|egzakteman|se sa|byen si|men wi|ok'),
    no: starts('non|pa vrèman|ditou'),
    thanks: says('mèsi|mesi|mèsi anpil'),
    bye: says('orevwa|babay|bay bay|n a wè|na wè|a pita|se tout|se sèlman sa|bòn jounen'),
    wait: says('tann|yon ti moman|yon moman|yon segonn|yon minit|ret tann|kite m (?:gade|chèche)|kite mwen'),
    numbers: threeOf('zewo|en|youn|de|twa|kat|senk|sis|sèt|uit|nèf'),
  },
  hello: ['Bonjou, mèsi paske ou rele.', 'Bonjou, mwen kontan tande ou.', 'Alo, mwen tande ou byen.'],
  check: ['Kite m verifye sa.', 'Bon kesyon, m ap gade sa.', 'M ap chèche sa pou ou.'],
  yes: ['Trè byen, mèsi.', 'Pafè, mwen gen sa.', 'Bon, sa ede m.'],
  no: ['Pa gen pwoblèm.', 'Sa pa fè anyen.', 'Dakò, pa gen pwoblèm.'],
  noted: ['Mèsi, mwen note sa.', 'Trè byen, mwen ekri sa.', 'Dakò, mwen pran nòt.'],
  more: ['Trè byen.', 'Byen si.', 'Mwen konprann, mèsi.', 'Dakò, se klè.', 'Mèsi paske ou di m.'],
  asks: [
    'Kisa ou ta renmen fè?',
    'Kijan mwen ka ede ou?',
    'Kisa ankò mwen dwe konnen?',
    'Kijan ou ta renmen kontinye?',
    'Kontinye tanpri, m ap koute ou.',
    'Kisa mwen ka fè pou ou?',
    'Èske ou gen lòt bagay pou di?',
  ],
  thanks: [
    'Pa gen pwoblèm. Èske ou bezwen lòt bagay?',
    'Se yon plezi. Kisa ankò mwen ka fè?',
    'Avèk plezi. Èske gen lòt bagay ou vle?',
  ],
  wait: ['Byen si, pran tan ou. Mwen la.', 'Pa gen prese. M ap tann ou la.', 'Dakò, pran tout tan ou bezwen an.'],
  still: [
    'Èske ou la toujou? M ap koute ou.',
    'Alo, èske ou ka tande m toujou?',
    'Mwen la toujou. Èske ou vle kontinye?',
    'M ap verifye sèlman: èske ou sou liy lan?',
  ],
  unheard: [
    'Eskize m, mwen pa konprann. Èske ou ka repete?',
    'Liy lan pa klè. Tanpri repete sa ankò.',
    'Mwen pa tande ou byen. Di l yon lòt fwa.',
  ],
  bye: [
    'Mèsi paske ou rele. Pase bòn jounen, orevwa.',
    'Pa gen pwoblèm. Pran swen ou, orevwa.',
    'Trè byen, mèsi pou apèl la. Orevwa.',
  ],
};
