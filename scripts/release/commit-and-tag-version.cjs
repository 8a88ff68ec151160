/** Settings of commit-and-tag-version: here it chooses the version and lists the commits, and changes nothing else. */
module.exports = {
  preset: require.resolve('./commit-rules.cjs'),
  tagPrefix: 'v',
  header: '',
  bumpFiles: [],
  skip: { commit: true, tag: true },
};
