import { type ReceptionLines, says, starts, threeOf } from './reception-lines.ts';

export const vi: ReceptionLines = {
  hears: {
    hello: starts('xin chào|chào|a lô|alo|alô'),
    question: starts('bao giờ|khi nào|ở đâu|ai|tại sao|làm sao|bao nhiêu|mấy giờ|có thể|cho (?:tôi|em|anh|chị) hỏi'),
    yes: starts('vâng|dạ|đúng|phải|ừ|được|tất nhiên|đồng ý'),
    no: starts('không|chưa|thôi'),
    thanks: says('cảm ơn|cám ơn'),
    bye: says('tạm biệt|chào nhé|hẹn gặp lại|vậy thôi|thế thôi|hết rồi'),
    wait: says('chờ (?:một )?chút|đợi (?:một )?chút|chờ tí|đợi tí|chờ một lát|đợi một lát|để (?:tôi|em) (?:xem|tìm)'),
    numbers: threeOf('không|một|hai|ba|bốn|năm|sáu|bảy|tám|chín'),
  },
  hello: ['Xin chào, cảm ơn đã gọi.', 'Xin chào, rất vui được nghe.', 'Chào, tôi nghe rất rõ.'],
  check: ['Để tôi kiểm tra giúp.', 'Câu hỏi hay, tôi sẽ xem.', 'Tôi sẽ tìm hiểu ngay.'],
  yes: ['Tốt quá, cảm ơn.', 'Vâng, tôi đã rõ.', 'Được, rất hữu ích.'],
  no: ['Không sao đâu.', 'Như vậy cũng được.', 'Vâng, không có gì.'],
  noted: ['Cảm ơn, tôi đã ghi lại.', 'Vâng, tôi viết rồi.', 'Tốt, đã lưu lại rồi.'],
  more: ['Được rồi.', 'Tất nhiên rồi.', 'Tôi hiểu, cảm ơn.', 'Vâng, đã rõ.', 'Cảm ơn đã cho biết.'],
  asks: [
    'Quý vị muốn làm gì ạ?',
    'Tôi có thể giúp gì ạ?',
    'Tôi cần biết thêm gì không?',
    'Quý vị muốn tiếp tục thế nào?',
    'Xin cứ nói, tôi đang nghe.',
    'Tôi làm được gì cho quý vị?',
    'Quý vị có muốn nói thêm không?',
  ],
  thanks: [
    'Không có gì. Quý vị cần gì nữa không?',
    'Rất sẵn lòng. Tôi còn giúp được gì nữa ạ?',
    'Dạ không có chi. Còn việc gì khác không ạ?',
  ],
  wait: ['Vâng, xin cứ thong thả. Tôi vẫn ở đây.', 'Không sao, tôi sẽ chờ ở đây.', 'Được ạ, cứ từ từ, không cần vội.'],
  still: [
    'Quý vị còn ở đó không? Tôi đang nghe.',
    'A lô, quý vị còn nghe rõ không?',
    'Tôi vẫn ở đây. Mình tiếp tục nhé?',
    'Xin hỏi, quý vị vẫn còn trên máy chứ?',
  ],
  unheard: [
    'Xin lỗi, tôi chưa nghe rõ. Xin nói lại ạ.',
    'Đường dây không rõ. Xin vui lòng nhắc lại.',
    'Tôi nghe không rõ lắm. Xin nói lại lần nữa.',
  ],
  bye: [
    'Cảm ơn đã gọi. Chúc một ngày tốt lành, tạm biệt.',
    'Không có gì. Xin giữ sức khỏe, tạm biệt ạ.',
    'Vâng, cảm ơn cuộc gọi này. Xin tạm biệt.',
  ],
};
