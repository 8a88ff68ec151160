/** A date that stays what it is: its setters throw, as writing to a frozen object does. */
export class FixedDate extends Date {}

for (const name of Object.getOwnPropertyNames(Date.prototype)) {
  if (!name.startsWith('set')) continue;
  Object.defineProperty(FixedDate.prototype, name, {
    value: (): never => {
      throw new TypeError('This date cannot be changed; make another of it');
    },
  });
}
