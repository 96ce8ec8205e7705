Console.WriteLine("xdp-dispatch");
return 0;
