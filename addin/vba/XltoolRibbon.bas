Attribute VB_Name = "XltoolRibbon"
Option Explicit

' One callback for each button of customUI14.xml.

Public Sub XltoolCheck(control As IRibbonControl)
    Start "check", control.Tag
End Sub

Public Sub XltoolPrevious(control As IRibbonControl)
    Start "previous", control.Tag
End Sub

Public Sub XltoolNext(control As IRibbonControl)
    Start "next", control.Tag
End Sub

Public Sub XltoolClear(control As IRibbonControl)
    Start "clear", control.Tag
End Sub

Public Sub XltoolNew(control As IRibbonControl)
    Start "new", control.Tag
End Sub

Public Sub XltoolExplain(control As IRibbonControl)
    Start "explain", control.Tag
End Sub

Public Sub XltoolMerge(control As IRibbonControl)
    Start "merge", control.Tag
End Sub

Public Sub XltoolPage(control As IRibbonControl)
    Start "page", control.Tag
End Sub

Public Sub XltoolSettings(control As IRibbonControl)
    Start "settings", control.Tag
End Sub
