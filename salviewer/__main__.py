from salviewer.cli import main

raise SystemExit(main())
