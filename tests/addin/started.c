/* Stands for xltool-addin.exe: writes what it was started with, and in which folder, into the file "started" there. */
#include <windows.h>
#include <stdio.h>

int WINAPI wWinMain(HINSTANCE instance, HINSTANCE before, PWSTR arguments, int show)
{
    FILE *file = _wfopen(L"started.new", L"wb");

    (void)instance, (void)before, (void)show;
    fwrite(arguments, sizeof *arguments, lstrlenW(arguments), file);
    fclose(file);
    return !MoveFileW(L"started.new", L"started");
}
