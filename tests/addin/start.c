/* What XltoolLauncher.bas asks Windows for, in the same order: reads the settings, looks for the program, starts it.
 * Called with the path of the settings; prints the program's name as numbers, for a console has fewer characters. */
#include <windows.h>
#include <shellapi.h>
#include <stdio.h>

int wmain(int count, wchar_t **given)
{
    static wchar_t program[32767], folder[32767];
    DWORD length, i;

    if (count != 2)
        return 2;
    length = GetPrivateProfileStringW(L"xltool", L"program", NULL, program, 32767, given[1]);
    for (i = 0; i < length; i++)
        printf("%04x", program[i]);
    fflush(stdout);
    if (GetFileAttributesW(program) & FILE_ATTRIBUTE_DIRECTORY)
        return 3;
    lstrcpyW(folder, program);
    while (length > 0 && folder[length - 1] != L'\\')
        length--;
    folder[length] = L'\0';
    return (INT_PTR)ShellExecuteW(NULL, NULL, program, L"check 123456", folder, SW_SHOWNORMAL) > 32 ? 0 : 4;
}
