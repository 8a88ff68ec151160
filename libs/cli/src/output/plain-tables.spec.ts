import { describe, expect, it } from '@jest/globals';
import { csvOf, markdownOf, rawOf } from './plain-tables.js';

const table = {
  head: ['Name', 'Description'],
  rows: [
    ['one', 'a, "quoted"\ntext'],
    ['two', 'pipe | and \u001b[2J'],
  ],
};

describe('tables for other programs', () => {
  it('are CSV with what needs quotes in quotes', () => {
    expect(csvOf(table)).toBe('Name,Description\none,"a, ""quoted""\ntext"\ntwo,pipe | and  [2J\n');
  });

  it('are CSV without what terminals obey, or what turns text around', () => {
    expect(csvOf({ head: ['Name'], rows: [['a\u009bb\u202ec']] })).toBe('Name\na b c\n');
  });

  it('are Markdown in which nothing breaks a row', () => {
    expect(markdownOf(table)).toBe(
      '| Name | Description |\n| --- | --- |\n| one | a, "quoted" text |\n| two | pipe \\| and  \\[2J |\n',
    );
  });

  it('are cells between tabs', () => {
    expect(rawOf(table)).toBe('one\ta, "quoted" text\ntwo\tpipe | and  [2J\n');
  });

  it('name the columns of a table that has no heading', () => {
    expect(csvOf({ rows: [['Email', 'alice@example.com']] })).toBe('Field,Value\nEmail,alice@example.com\n');
  });
});
