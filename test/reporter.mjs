// mocha's own report, and one JSON line of counts appended to the file that MANARA_TEST_COUNTS names,
// so that `.ci/run` can add suites up without parsing text.
import { appendFileSync } from 'node:fs';
import mocha from 'mocha';

export default class CountingReporter extends mocha.reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const file = process.env.MANARA_TEST_COUNTS;
    if (file === undefined) return;
    runner.once('end', () => {
      const { passes, failures, pending } = runner.stats;
      appendFileSync(
        file,
        `${JSON.stringify({ passed: passes, failed: failures, skipped: pending })}\n`,
      );
    });
  }
}
