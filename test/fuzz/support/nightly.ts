// Many cases, and other ones each time; a failure prints the seed, which FUZZ_SEED takes to repeat it.
process.env.FUZZ_CASES ??= "5000";
process.env.FUZZ_SEED ??= String(Date.now() % 2 ** 31);
process.stdout.write(`FUZZ_CASES=${process.env.FUZZ_CASES} FUZZ_SEED=${process.env.FUZZ_SEED}\n`);
