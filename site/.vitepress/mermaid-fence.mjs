/**
 * Makes diagrams of the code blocks that are in Mermaid's language: the browser draws them.
 *
 * @param {import('vitepress').MarkdownRenderer} markdown
 */
export function mermaidFence(markdown) {
  const { fence } = markdown.renderer.rules;
  markdown.renderer.rules.fence = (tokens, index, ...more) => {
    const { info, content } = tokens[index];
    if (info.trim() !== 'mermaid') return fence(tokens, index, ...more);
    return `<MermaidDiagram source="${encodeURIComponent(content)}" />\n`;
  };
}
