import { type Binding, type BindingChange, BindingIndex } from '../engine/binding-index.js';
import { LiveRows, type LiveRowsEvents, type LiveSource } from '../../storage/live-rows.js';

/** Put into the sequence of changes: whoever hears it has heard every change that was committed before. */
export interface Mark {
  readonly mark: string;
  /** Whether every instance is asked to say that it has heard it, or only the one that put it there listens for it. */
  readonly isForAll: boolean;
}

/** Told what happens to the bindings. */
export interface LiveBindingsEvents extends LiveRowsEvents {
  /** A mark was heard. */
  marked(mark: Mark): void;
}

/**
 * All bindings in force, in memory, as they are in the database. What is said on the channel of role changes is that a
 * binding may have come or gone, or that somebody waits for all before.
 */
export class LiveBindings extends LiveRows<Binding, Binding, BindingChange, BindingIndex> {
  constructor(
    source: LiveSource<Binding, Binding, BindingChange>,
    private readonly listener: LiveBindingsEvents,
  ) {
    super(new BindingIndex(), source, listener);
  }

  message(payload: string): void {
    const said: unknown = JSON.parse(payload);
    if (isMark(said)) this.listener.marked(said);
    else if (isBinding(said)) this.hint({ principal: said.principal, workspace: said.workspace, role: said.role });
    else throw new TypeError('neither a binding nor a mark');
  }
}

function isMark(said: unknown): said is Mark {
  return isObject(said) && isName(said.mark) && typeof said.isForAll === 'boolean';
}

function isBinding(said: unknown): said is Binding {
  return isObject(said) && [said.principal, said.workspace, said.role].every(isName);
}

function isObject(said: unknown): said is Record<string, unknown> {
  return typeof said === 'object' && said !== null;
}

/** Text as the database can hold it. */
function isName(said: unknown): said is string {
  return typeof said === 'string' && !said.includes('\0');
}
