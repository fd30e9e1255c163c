/* Starts the Python of the bundle with one fixed module, and hands on the arguments exactly as they came.
 *
 * No shell is between: what a dropped name says (a&b, %PATH%, ^, !) is never read as anything but a name. The part of
 * our command line behind our own name is given to Python letter for letter; both sides take it apart by the same
 * rules (CommandLineToArgvW), so nothing has to be quoted anew.
 *
 * given.h is written by bundle/launchers.py: TITLE of a dialog, PYTHON (from the folder of this program) and ENTRY, the
 * first arguments.
 */
#define WIN32_LEAN_AND_MEAN
#include <windows.h>

#include "given.h"

#define WIDE(text) L"" text

enum { LONGEST = 32767 }; /* characters of a command line and of a path, with the 0 behind them */

static wchar_t python[LONGEST];
static wchar_t command[LONGEST];

static int stop(const wchar_t *sentence)
{
    MessageBoxW(NULL, sentence, WIDE(TITLE), MB_OK | MB_ICONERROR | MB_SETFOREGROUND);
    return 2;
}

/* GetVersionEx tells a program what the program says it was made for; ntdll tells the truth. */
static BOOL is_windows_10_or_later(void)
{
    typedef LONG(WINAPI * Version)(OSVERSIONINFOW *);
    Version version = (Version)(void *)GetProcAddress(GetModuleHandleW(L"ntdll.dll"), "RtlGetVersion");
    OSVERSIONINFOW windows = {.dwOSVersionInfoSize = sizeof windows};

    return version != NULL && version(&windows) == 0 && windows.dwMajorVersion >= 10;
}

/* The path of the bundled Python; FALSE where it is longer than Windows allows. */
static BOOL find_python(void)
{
    DWORD length = GetModuleFileNameW(NULL, python, LONGEST);

    while (length > 0 && python[length - 1] != L'\\')
        length--;
    if (length == 0 || length + lstrlenW(WIDE(PYTHON)) >= LONGEST)
        return FALSE;
    lstrcpyW(python + length, WIDE(PYTHON));
    return TRUE;
}

/* Our command line behind our own name, which ends at the second quotation mark or at a blank. */
static const wchar_t *arguments(void)
{
    const wchar_t *rest = GetCommandLineW();

    if (*rest == L'"') {
        do
            rest++;
        while (*rest != L'\0' && *rest != L'"');
        if (*rest == L'"')
            rest++;
    } else {
        while (*rest != L'\0' && *rest != L' ' && *rest != L'\t')
            rest++;
    }
    return rest;
}

int wmain(void)
{
    const wchar_t *given = arguments();
    STARTUPINFOW start;
    PROCESS_INFORMATION started;
    DWORD code = 2;

    if (!is_windows_10_or_later())
        return stop(L"xltool 需要 64 位的 Windows 10 或更新的版本，在这台电脑的 Windows 上不能用。\n\n"
                    L"请换一台电脑，或请单位的信息管理人员升级系统。");
    if (!find_python() || GetFileAttributesW(python) == INVALID_FILE_ATTRIBUTES)
        return stop(L"找不到 xltool 的程序文件夹“program”，或者它不完整。\n\n"
                    L"请把压缩包整个解压出来，再从解压出来的文件夹里启动；"
                    L"不要在压缩包里直接双击，也不要只拿出这一个文件。想放在桌面上的，请用快捷方式。");
    if (lstrlenW(python) + lstrlenW(WIDE(ENTRY)) + lstrlenW(given) + 4 > LONGEST)
        return stop(L"一次拖来的文件太多了，Windows 不能全部交给程序。请分几次，每次少一些。");

    lstrcpyW(command, L"\"");
    lstrcatW(command, python);
    lstrcatW(command, L"\" ");
    lstrcatW(command, WIDE(ENTRY));
    lstrcatW(command, given);

    GetStartupInfoW(&start);
    start.dwFlags |= STARTF_USESTDHANDLES;
    start.hStdInput = GetStdHandle(STD_INPUT_HANDLE);
    start.hStdOutput = GetStdHandle(STD_OUTPUT_HANDLE);
    start.hStdError = GetStdHandle(STD_ERROR_HANDLE);
    if (!CreateProcessW(python, command, NULL, NULL, TRUE, 0, NULL, NULL, &start, &started))
        return stop(L"Windows 没有让 xltool 启动，可能是被安全软件拦住了。\n\n"
                    L"请把整个 xltool 文件夹告诉单位的信息管理人员，请他们放行。");
    SetConsoleCtrlHandler(NULL, TRUE); /* Ctrl+C is for Python, which is told of it too */
    WaitForSingleObject(started.hProcess, INFINITE);
    GetExitCodeProcess(started.hProcess, &code);
    return (int)code;
}
