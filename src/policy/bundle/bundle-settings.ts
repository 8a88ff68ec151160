/** How the rules of the bundle are set. The injection token of `PolicySettings`. */
export const BundleSettings = Symbol('BundleSettings');
