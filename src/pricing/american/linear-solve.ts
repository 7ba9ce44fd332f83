// Small dense systems of linear equations.

/** Swaps rows a and b of the system from column a on. */
function swapRows(matrix: Float64Array, right: Float64Array, size: number, a: number, b: number): void {
  for (let k = a; k < size; k++) {
    const held = matrix[a * size + k] as number;
    matrix[a * size + k] = matrix[b * size + k] as number;
    matrix[b * size + k] = held;
  }
  const held = right[a] as number;
  right[a] = right[b] as number;
  right[b] = held;
}

/** The row at or below `column` with the largest entry in it. */
function pivotRow(matrix: Float64Array, size: number, column: number): number {
  let best = column;
  for (let i = column + 1; i < size; i++)
    if (Math.abs(matrix[i * size + column] as number) > Math.abs(matrix[best * size + column] as number)) best = i;
  return best;
}

/** Solves matrix x = right by elimination with row pivots; x overwrites `right`, the matrix (by rows) is used up. */
export function solveLinear(matrix: Float64Array, right: Float64Array, size: number): void {
  for (let p = 0; p < size; p++) {
    const pivot = pivotRow(matrix, size, p);
    if (pivot !== p) swapRows(matrix, right, size, p, pivot);
    const base = p * size;
    const inverse = 1 / (matrix[base + p] as number);
    for (let i = p + 1; i < size; i++) {
      const row = i * size;
      const factor = (matrix[row + p] as number) * inverse;
      for (let k = p + 1; k < size; k++) matrix[row + k] = (matrix[row + k] as number) - factor * (matrix[base + k] as number);
      right[i] = (right[i] as number) - factor * (right[p] as number);
    }
  }
  for (let i = size - 1; i >= 0; i--) {
    let sum = right[i] as number;
    for (let k = i + 1; k < size; k++) sum -= (matrix[i * size + k] as number) * (right[k] as number);
    right[i] = sum / (matrix[i * size + i] as number);
  }
}
