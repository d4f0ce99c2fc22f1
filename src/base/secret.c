#include "azml/secret.h"

#include <stdlib.h>
#include <string.h>

int azml_secret_set(struct azml_secret *secret, const char *bytes, size_t length,
                    struct azml_error *err)
{
    char *copy = malloc(length + 1);
    if (!copy)
        return azml_error_memory(err);
    if (length)
        memcpy(copy, bytes, length);
    copy[length] = '\0';
    azml_secret_adopt(secret, copy, length);
    return 0;
}

void azml_secret_adopt(struct azml_secret *secret, char *bytes, size_t length)
{
    azml_secret_cleanup(secret);
    secret->private_bytes = bytes;
    secret->length = bytes ? length : 0;
}

const char *azml_secret_reveal(const struct azml_secret *secret)
{
    return secret && secret->private_bytes ? secret->private_bytes : "";
}

bool azml_secret_is_empty(const struct azml_secret *secret)
{
    return !secret || secret->length == 0;
}

void azml_secret_cleanup(struct azml_secret *secret)
{
    if (!secret)
        return;
    if (secret->private_bytes)
        azml_wipe(secret->private_bytes, secret->length);
    free(secret->private_bytes);
    *secret = (struct azml_secret){0};
}

void azml_wipe(void *memory, size_t length)
{
    volatile unsigned char *byte = memory;
    while (length--)
        *byte++ = 0;
}
