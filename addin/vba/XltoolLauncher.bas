Attribute VB_Name = "XltoolLauncher"
Option Explicit

' Starts the one program that the installation wrote down beside this add-in, and reads nothing else.
' All texts are handed on as UTF-16: what VBA itself has for files, programs and dialogs knows only one code page.

Private Declare PtrSafe Function GetPrivateProfileStringW Lib "kernel32" (ByVal section As LongPtr, _
    ByVal key As LongPtr, ByVal otherwise As LongPtr, ByVal value As LongPtr, ByVal size As Long, _
    ByVal file As LongPtr) As Long
Private Declare PtrSafe Function GetFileAttributesW Lib "kernel32" (ByVal file As LongPtr) As Long
Private Declare PtrSafe Function ShellExecuteW Lib "shell32" (ByVal window As LongPtr, ByVal verb As LongPtr, _
    ByVal file As LongPtr, ByVal arguments As LongPtr, ByVal folder As LongPtr, ByVal show As Long) As LongPtr
Private Declare PtrSafe Function MessageBoxW Lib "user32" (ByVal window As LongPtr, ByVal text As LongPtr, _
    ByVal title As LongPtr, ByVal icon As Long) As Long

Private Const NO_FILE As Long = -1
Private Const FOLDER As Long = 16
Private Const FAILED As Long = 32
Private Const SHOW_NORMAL As Long = 1
Private Const WARNING As Long = 48

Public Sub Start(ByVal action As String, ByVal failure As String)
    Dim program As String
    program = InstalledProgram()
    If program <> "" Then
        If ShellExecuteW(Application.Hwnd, 0, StrPtr(program), StrPtr(ArgumentsOf(action, Application.Hwnd)), _
            StrPtr(FolderOf(program)), SHOW_NORMAL) > FAILED Then Exit Sub
    End If
    MessageBoxW Application.Hwnd, StrPtr(failure), StrPtr("xltool"), WARNING
End Sub

Private Function InstalledProgram() As String
    Dim program As String, length As Long, found As Long
    program = String$(32767, vbNullChar)
    length = GetPrivateProfileStringW(StrPtr("xltool"), StrPtr("program"), 0, StrPtr(program), Len(program), _
        StrPtr(SettingsIn(ThisWorkbook.Path)))
    program = Left$(program, length)
    If Not IsProgram(program) Then Exit Function
    found = GetFileAttributesW(StrPtr(program))
    If found <> NO_FILE And (found And FOLDER) = 0 Then InstalledProgram = program
End Function
