/* Runs one act on worlds read from files, so that an instruction counter has nothing else to see.
   count ACT FOLDER, where FOLDER holds the records 0.bin (provinces) to 6.bin (scratch paper). */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "rules.c"

static void *read_records(const char *folder, int number, long *bytes) {
    char path[4096];
    snprintf(path, sizeof path, "%s/%d.bin", folder, number);
    FILE *file = fopen(path, "rb");
    if (file == NULL) exit(1);
    fseek(file, 0, SEEK_END);
    *bytes = ftell(file);
    rewind(file);
    void *records = malloc((size_t)*bytes);
    if (fread(records, 1, (size_t)*bytes, file) != (size_t)*bytes) exit(1);
    fclose(file);
    return records;
}

int main(int count, char **words) {
    if (count != 3) return 2;
    void *records[7];
    long bytes[7];
    for (int number = 0; number < 7; number++) records[number] = read_records(words[2], number, bytes + number);
    int64_t worlds = bytes[1] / (long)sizeof(nation), n = bytes[0] / (long)sizeof(province) / worlds;
    void (*act)(province *, nation *, const policy *, const assumptions *, const services *, const items *,
                scratch *, int64_t, int64_t) = strcmp(words[1], "choose") ? serve_citizens_in_all : choose_in_all;
    act(records[0], records[1], records[2], records[3], records[4], records[5], records[6], worlds, n);
    return 0;
}
