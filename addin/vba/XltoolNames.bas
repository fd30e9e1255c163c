Attribute VB_Name = "XltoolNames"
Option Explicit

' What the launcher does with names: functions of their arguments alone.

Public Function SettingsIn(ByVal folder As String) As String
    SettingsIn = folder & "\xltool\xltool.ini"
End Function

Public Function IsProgram(ByVal path As String) As Boolean
    IsProgram = path Like "[A-Za-z]:\*.exe" Or path Like "\\*\*\*.exe"
End Function

Public Function FolderOf(ByVal path As String) As String
    FolderOf = Left$(path, InStrRev(path, "\"))
End Function

Public Function ArgumentsOf(ByVal action As String, ByVal window As Long) As String
    ArgumentsOf = action & " " & CStr(window)
End Function
