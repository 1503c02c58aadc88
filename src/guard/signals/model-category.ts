import type { Category, Classified } from '../types.ts';

/** Known from the caller's number and the lists; no model has a say in them. */
export const NOT_MODELS_BUSINESS = ['blocked_number', 'sanctioned_country'] as const satisfies readonly Category[];

/**
 * Machines that are no bad calls: other signals name them for 0 points too. As level `hint` a model's word for them
 * does not take over what other evidence was called.
 */
const NO_BAD_CALL: readonly Classified[] = ['call_screening', 'ivr_menu', 'hold_music'] satisfies Category[];

export const isModelsBusiness = (answer: Classified): boolean =>
  !(NOT_MODELS_BUSINESS as readonly Classified[]).includes(answer);

export const isNoBadCall = (answer: Classified): boolean => NO_BAD_CALL.includes(answer);

/** A category as a person reads it. */
export const named = (category: Category): string => `"${category.replaceAll('_', ' ')}"`;
