/**
 * The name under which a heading of a Markdown page can be linked, the same on the site as in the repository.
 *
 * @param {string} heading its text, without marks of emphasis or links
 */
export function headingAnchor(heading) {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .trim()
    .replaceAll(' ', '-');
}
