import { z } from 'zod';
import { NOT_MODELS_BUSINESS } from '../guard/signals/model-category.ts';
import { CATEGORIES, CONFIDENCES } from '../guard/types.ts';
import { failed, parametersOf } from './arguments.ts';
import { quotePlace } from './quote-place.ts';
import type { Tool } from './tool.ts';

/** What a model can hear; whose number it is, it cannot. */
const HEARD = CATEGORIES.filter((one) => !NOT_MODELS_BUSINESS.some((not) => not === one));
const MOST_QUOTED = 1_000;

const schema = z.object({
  category: z.enum(HEARD).describe('What kind of caller this is.'),
  confidence: z.enum(CONFIDENCES).describe('How sure you are.'),
  quote: z.string().max(MOST_QUOTED).describe("The caller's own words that show it, exactly as they stand."),
});

/** The model's opinion of the caller: evidence, never an order. The words it quotes are looked up in the transcript. */
export const reportCaller: Tool = {
  spec: {
    name: 'report_caller',
    description:
      'Note what kind of caller this is, when it is not a person with business for this line. The call goes on; others decide. Not for accents, hesitation, long sentences or a caller who is merely rude.',
    parameters: parametersOf(schema),
  },
  shown: false,
  slow: false,
  forget(args) {
    const { success, data } = schema.safeParse(args);
    return success ? { ...data, quote: '' } : {};
  },
  async run(args, { transcript }) {
    const { success, data } = schema.safeParse(args);
    if (!success) {
      return failed(
        `Not noted: category must be one of ${HEARD.join(', ')}, confidence one of ${CONFIDENCES.join(', ')}, quote a short text.`,
      );
    }
    const { category, confidence, quote } = data;
    const place = quotePlace(quote, transcript);
    return {
      type: 'report',
      category,
      confidence,
      quoted: place !== null,
      ...(place && { place }),
      content: 'Noted. Go on with the call.',
    };
  },
};
