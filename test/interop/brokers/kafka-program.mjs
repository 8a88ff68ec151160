import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { installed } from '../../../scripts/process/installed-program.mjs';
import { runCommand } from '../../../scripts/process/run-command.mjs';
import { userCache } from '../../../scripts/process/user-cache.mjs';

/** The release of Kafka that the suite runs. */
const kafkaVersion = '3.9.1';

const copy = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies';

const project = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>com.example</groupId>
  <artifactId>broker</artifactId>
  <version>1</version>
  <dependencies>
    <dependency>
      <groupId>org.apache.kafka</groupId>
      <artifactId>kafka_2.13</artifactId>
      <version>${kafkaVersion}</version>
    </dependency>
    <dependency>
      <groupId>org.slf4j</groupId>
      <artifactId>slf4j-reload4j</artifactId>
      <version>1.7.36</version>
    </dependency>
  </dependencies>
</project>
`;

/**
 * The class path of the pinned Kafka, which Maven fetches once and which is kept beside the caches of the user.
 *
 * @returns {Promise<{ version: string, classPath: string } | { problem: string }>}
 */
export async function findKafka() {
  for (const [program, option] of Object.entries({ java: '-version', mvn: '--version' })) {
    const { problem } = await installed(program, [option]);
    if (problem !== undefined) return { problem: `it needs ${program}, and ${problem}` };
  }
  const jars = userCache(`kafka-${kafkaVersion}`);
  const found = { version: kafkaVersion, classPath: join(jars, '*') };
  if (existsSync(jars)) return found;

  console.error(`Fetching Kafka ${kafkaVersion}; this takes a minute, once`);
  const own = `${jars}.${process.pid}`;
  mkdirSync(own, { recursive: true });
  try {
    writeFileSync(join(own, 'pom.xml'), project);
    const args = ['--batch-mode', '--quiet', copy, '-DincludeScope=runtime', `-DoutputDirectory=${own}`];
    const { code, output } = await runCommand('mvn', args, { cwd: own, capture: true });
    if (code !== 0) return { problem: `Maven does not get it: ${output.trim().split('\n')[0]}` };
    mkdirSync(dirname(jars), { recursive: true });
    renameSync(own, jars);
    return found;
  } finally {
    rmSync(own, { recursive: true, force: true });
  }
}
