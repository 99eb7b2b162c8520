/** What was measured on. */
export interface Machine {
  readonly processor: string;
  readonly cores: number;
  /** Whole gibibytes. */
  readonly memory: number;
  readonly system: string;
  readonly node: string;
}

/** One thing that was measured, at one size. */
export interface Case {
  readonly name: string;
  /** What grows from case to case, such as a number of clusters; absent where cases differ in kind. */
  readonly size?: number;
  /** What the case is a part of; such cases have a table of their own and are not drawn. */
  readonly partOf?: string;
  /** Figures by the names of the benchmark's columns. */
  readonly figures: Readonly<Record<string, number>>;
}

/** Two medians compared. */
export interface Ratio {
  readonly name: string;
  readonly value: number;
  /** The largest value that design allows; absent where nothing is promised. */
  readonly limit?: number;
}

/** What a run of a benchmark came to; one file of `bench/results/`. */
export interface Result {
  readonly name: string;
  /** Day of the run, as 2026-01-31. */
  readonly date: string;
  readonly machine: Machine;
  /** What else the machine did before the run: runnable processes, over a minute. */
  readonly load: number;
  /** How often each case was run; figures are medians. */
  readonly rounds: number;
  readonly cases: readonly Case[];
  readonly ratios: readonly Ratio[];
}

/** A figure of every case. */
export interface Column {
  readonly key: string;
  /** Its heading, with the unit. */
  readonly label: string;
}

/** How a result is drawn. */
export interface Plot {
  /** `bars`: one a case; `lines`: a point a case, over its size. */
  readonly kind: "bars" | "lines";
  readonly title: string;
  /** What is drawn, by keys of columns. */
  readonly columns: readonly string[];
  /** Of the axis of sizes. */
  readonly sizes?: string;
  readonly values: string;
}

/** A benchmark as it is told of; loading this runs nothing. */
export interface Description {
  readonly name: string;
  /** One line for the list. */
  readonly summary: string;
  /** Whether it needs the engine of a rehearsal: such a one runs only when it is named. */
  readonly engine: boolean;
  readonly columns: readonly Column[];
  readonly plots: readonly Plot[];
}

/** How a benchmark was asked to run. */
export interface BenchCall {
  readonly root: string;
  /** How often each case is run. */
  readonly rounds: number;
  /** Folder of packaged charts. */
  readonly charts?: string;
  /** The helm CLI. */
  readonly helm?: string;
  /** Sizes other than the usual ones. */
  readonly sizes?: readonly number[];
  readonly say: (line: string) => void;
}

/** What a benchmark measures of what is in {@link Result}. */
export type Measured = Pick<Result, "cases" | "ratios">;

/** Runs a benchmark. */
export type Benchmark = (call: BenchCall) => Promise<Measured>;
