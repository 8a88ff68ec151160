/** The style sheet of every page; its hash is part of the content security policy. */
export const style = `
:root { color-scheme: light dark; --ink: #16181d; --soft: #5b6270; --paper: #fff; --ground: #f1f3f7; --line: #c9ced8;
  --accent: #2f6f0b; --accent-ink: #fff; --bad: #a1161b; --bad-ground: #fdecec; }
@media (prefers-color-scheme: dark) { :root { --ink: #eef0f4; --soft: #a4abb8; --paper: #1d2027; --ground: #121419;
  --line: #444b59; --accent: #8fd14f; --accent-ink: #10210a; --bad: #ffb4b0; --bad-ground: #3b1718; } }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: flex; flex-direction: column; align-items: center; justify-content: center;
  padding: 1.5rem; background: var(--ground); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; }
main { width: 100%; max-width: 26rem; padding: 2rem; background: var(--paper); border: 1px solid var(--line);
  border-radius: .75rem; }
.brand { margin: 0 0 1.25rem; color: var(--soft); font-weight: 600; }
.brand span { color: var(--accent); }
h1 { margin: 0 0 .75rem; font-size: 1.5rem; line-height: 1.25; }
p { margin: 0 0 1rem; overflow-wrap: anywhere; }
.soft { color: var(--soft); font-size: .9rem; }
.problem { padding: .75rem 1rem; border-radius: .5rem; background: var(--bad-ground); color: var(--bad); }
label { display: block; margin: 0 0 .25rem; font-weight: 600; }
input { width: 100%; margin: 0 0 1rem; padding: .65rem .75rem; border: 1px solid var(--line); border-radius: .5rem;
  background: var(--paper); color: inherit; font: inherit; }
input.code { text-transform: uppercase; letter-spacing: .15em; font-family: ui-monospace, monospace; }
.code-shown { display: block; padding: .75rem; border: 1px dashed var(--line); border-radius: .5rem; text-align: center;
  font: 700 1.6rem ui-monospace, monospace; letter-spacing: .15em; overflow-wrap: anywhere; }
ul { margin: 0 0 1.25rem; padding-left: 1.25rem; }
li { margin: 0 0 .4rem; }
li code { color: var(--soft); font-size: .85rem; }
.actions { display: flex; gap: .75rem; }
form + p { margin: 1rem 0 0; }
button { flex: 1; padding: .7rem 1rem; border: 1px solid var(--line); border-radius: .5rem; background: transparent;
  color: inherit; font: inherit; font-weight: 600; cursor: pointer; }
button.main { border-color: var(--accent); background: var(--accent); color: var(--accent-ink); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
a { color: inherit; }
footer { margin-top: 1rem; color: var(--soft); font-size: .8rem; text-align: center; }
`;
