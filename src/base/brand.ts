// Nominal types: a branded T is a T that only its own constructor mints.

declare const brand: unique symbol;
export type Brand<T, Name extends string> = T & { readonly [brand]: Name };
