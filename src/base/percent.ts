// A part of something, as a person reads it.

/** A fraction as a percentage with its unit: 0.0125 is `1.25 %`. */
export const percent = (part: number, digits = 2): string => `${(part * 100).toFixed(digits)} %`;
