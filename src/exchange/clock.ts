// The exchange's clock as its wire and its owner see it.

/** This exchange instant, this speed (exchange ms per wall ms), and why it was announced. */
export interface ClockState {
  readonly exchange: number;
  readonly speed: number;
  readonly why: 'connect' | 'speed' | 'jump';
}

export interface ExchangeClock {
  /** Exchange time now, UTC milliseconds; never goes back. */
  now(): number;
  readonly speed: number;
  /** Changes the speed from now on; announced. */
  setSpeed(speed: number): void;
  /** Jumps forward to an instant; announced. Earlier instants are refused with an error. */
  jumpTo(at: number): void;
  onChange(listener: (state: ClockState) => void): () => void;
}
