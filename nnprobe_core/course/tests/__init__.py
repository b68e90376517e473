"""The tests of the exercises, one file each. They need no test framework, and none needs another exercise's function
where that can be helped. In a student's folder they ask the copy there; here they ask the library itself."""
