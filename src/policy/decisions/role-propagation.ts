/** Which roles somebody is to have, or not to have any more, in a workspace. */
export interface ExpectedRoles {
  /** As bindings name it. */
  readonly principal: string;
  readonly workspace: string;
  /** Role → whether they are to have it. */
  readonly roles: Readonly<Record<string, boolean>>;
}

/** Waits until a change of roles that was committed is known wherever decisions are made. */
export interface RolePropagation {
  /** @returns false when that could not be found out in time; the change holds all the same. */
  isConfirmed(expected: ExpectedRoles): Promise<boolean>;
}

export const RolePropagation = Symbol('RolePropagation');
