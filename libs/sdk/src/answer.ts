/**
 * What the platform answers, of which only the named fields are certain: platforms of other versions may leave the others
 * out.
 */
export type Answer<Described, Certain extends keyof Described> = Readonly<
  Pick<Described, Certain> & Partial<Omit<Described, Certain>>
>;
