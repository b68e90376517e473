/* columns: what stands in the columns of a film's arrays, by the names Python gives them (nnprobe_core/columns.py). A
   name that there is not is an error where it is read, and so is a number where there are names. */
(() => {
  'use strict';
  const { page } = nnprobe;

  /** The place of a column along an array's last axis: by its name, or by its number where columns have no names. */
  nnprobe.columnOf = (array, column) => {
    const names = page.columns[array], place = names ? names.findIndex((name) => name === column) : column;
    if (typeof place === 'string' || !Number.isInteger(place) || place < 0) {
      throw new Error(`${array} has no column ${column}: ${names ? names.join(', ') : 'its columns have no names'}`);
    }
    return place;
  };

  /** An array of a frame under the name it has there, as (column, row) → number. */
  nnprobe.table = (name, { data, shape }) => {
    const width = shape[shape.length - 1];
    return (column, row = 0) => data[row * width + nnprobe.columnOf(name, column)];
  };
})();
